using CausalStore.Client.Recording;
using CausalStore.Client.Tests.Kit;
using CausalStore.Tracing;
using static CausalStore.Client.Tests.Kit.Versions;

namespace CausalStore.Client.Tests.Recording;

public sealed class SessionTraceTests : IDisposable
{
    private readonly HistoryPath _path = new();

    [Fact]
    public async Task A_write_stands_where_it_was_asked_for()
    {
        var lines = await TraceAsync(trace =>
        {
            var write = Request("write x 1");
            trace.Sending(write);
            trace.Pushed(Line("update y 1 1@1").Meaning);
            trace.Replied(write, Reply("ok 2@1"));
        });

        Assert.Equal(["Wrote", "WasPushed"], Kinds(lines.OrderBy(line => line.Sequence)));
        var wrote = lines.Select(line => line.Event).OfType<TraceEvent.Wrote>().Single();
        Assert.Equal([new TracedOperation("x", "1")], wrote.Operations);
        Assert.Equal(TraceScript.Version("2@1"), wrote.Version);
    }

    [Theory]
    [InlineData("write x 1", "ok 1@1", "Wrote")]
    [InlineData("write x 1", "error internal failed", "Wrote")]
    [InlineData("write x 1", "error unavailable it waits", "")]
    [InlineData("read x", "value x 1 1@1", "Saw")]
    [InlineData("read x", "error internal it failed", "")]
    [InlineData("hello client al", "welcome 3 blue", "Connected")]
    [InlineData("context", "context 1@1", "")]
    public async Task A_reply_says_what_is_written_down(string request, string reply, string kind)
    {
        var lines = await TraceAsync(trace =>
        {
            trace.Sending(Request(request));
            trace.Replied(Request(request), Reply(reply));
        });

        Assert.Equal(kind, string.Concat(Kinds(lines)));
    }

    [Fact]
    public async Task A_write_whose_reply_never_came_has_no_version()
    {
        var lines = await TraceAsync(trace =>
        {
            trace.NeverReplied(Request("write x 1"));
            trace.NeverReplied(Request("write x"));
            trace.NeverReplied(Request("read x"));
        });

        Assert.Null(lines.Select(line => line.Event).OfType<TraceEvent.Wrote>().Single().Version);
    }

    [Fact]
    public async Task Who_looks_again_and_sees_the_same_is_not_written_down_again()
    {
        var lines = await TraceAsync(trace =>
        {
            trace.Replied(Request("read x"), Reply("missing x"));
            trace.Replied(Request("read x"), Reply("missing x"));
            trace.Replied(Request("read x"), Reply("value x 1 1@1"));
        });

        Assert.Equal(["Saw", "Saw"], Kinds(lines));
    }

    [Fact]
    public async Task A_client_traces_a_whole_session_and_a_file_that_somebody_writes_is_refused()
    {
        await using var server = FakeServer.Start();
        string[] traced = ["--port", $"{server.Port}", "--id", "alice", "--trace", _path.File];
        Assert.Equal(0, (await ClientProcess.RunAsync("", [.. traced, "write", "x", "1"])).ExitCode);
        Assert.Equal(["Started", "Connected", "Wrote", "Stopped"], Kinds(Read()));

        Assert.SkipWhen(OperatingSystem.IsMacOS(), "files are not locked there");
        await using var held = TraceFile.Open(_path.File);
        var refused = await ClientProcess.RunAsync("", [.. traced, "read", "x"]);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("cannot record", refused.Errors);
    }

    public void Dispose() => _path.Dispose();

    private static IEnumerable<string> Kinds(IEnumerable<TraceLine> lines) =>
        lines.Select(line => line.Event.GetType().Name);

    private async Task<List<TraceLine>> TraceAsync(Action<SessionTrace> happen)
    {
        await using (TraceFile file = new(
            TraceFile.Open(_path.File), TracedProcess.Client("alice"), TimeProvider.System, Assert.Fail))
        {
            file.Start();
            happen(new SessionTrace(file));
        }

        return [.. Read().Where(line => line.Event is not (TraceEvent.Started or TraceEvent.Stopped))];
    }

    private IReadOnlyList<TraceLine> Read()
    {
        using StreamReader text = new(_path.File);
        return TraceReader.Read(text, _path.File, Assert.Fail);
    }
}
