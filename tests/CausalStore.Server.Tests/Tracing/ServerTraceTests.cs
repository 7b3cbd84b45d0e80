using CausalStore.Protocol;
using CausalStore.Server.Tests.Kit;
using CausalStore.Tracing;

namespace CausalStore.Server.Tests.Tracing;

public sealed class ServerTraceTests : IDisposable
{
    private static readonly ServerId First = new(1);
    private static readonly ServerId Second = new(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("trace-");

    [Fact]
    public async Task Two_servers_write_down_what_happens_between_them()
    {
        await using (var one = await RunningServer.StartAsync(Options(First)))
        await using (var two = await RunningServer.StartAsync(
            Options(Second) with { Peers = [new ServerAddress("127.0.0.1", one.Port)] }))
        {
            using var bob = await ServedAsync(two);
            using var alice = await one.ConnectAsync();
            await bob.AskAsync("watch \"\"");
            await alice.AskAsync("hello client alice");
            await alice.AskAsync("link 2 delay 1");
            await alice.AskAsync("write x lost delete y");
            await bob.ReadLineAsync();
            await bob.AskAsync("read x");
            await bob.AskAsync("read x");
        }

        var accepted = Events(First).OfType<TraceEvent.Accepted>().Single();
        Assert.Equal([new TracedOperation("x", "lost"), new("y", null)], accepted.Operations);
        Assert.Equal("alice", accepted.Session.Name);
        Assert.Contains(new TraceEvent.Disturbed(Second, LinkAction.Delay, 1), Events(First));
        Assert.Contains(new TraceEvent.Sent(accepted.Version, Second, IsHeld: true), Events(First));
        Assert.Contains(new TraceEvent.Received(accepted.Version, First), Events(Second));
        Assert.Single(Events(Second).OfType<TraceEvent.Applied>(), one => one.Version == accepted.Version);
        Assert.Equal("x", Events(Second).OfType<TraceEvent.Pushed>().Single().Key);

        // The second look showed nothing new.
        Assert.Single(
            Events(Second).OfType<TraceEvent.Showed>(), one => one.Shown[0].Version == accepted.Version);
        Assert.Equal(new TraceEvent.Started(Consistency.Causal), Events(First)[0]);
        Assert.Equal(new TraceEvent.Stopped(), Events(First)[^1]);
    }

    [Fact]
    public async Task The_next_life_goes_on_in_the_same_file()
    {
        await (await RunningServer.StartAsync(Options(First))).DisposeAsync();
        await (await RunningServer.StartAsync(Options(First))).DisposeAsync();

        Assert.Equal(2, Events(First).OfType<TraceEvent.Started>().Count());
    }

    [Fact]
    public async Task A_trace_that_cannot_be_written_is_said_and_nothing_is_served()
    {
        StringWriter error = new();
        var options = RunningServer.Alone with { TraceFile = Path.Combine(_folder.FullName, "no", "where") };

        int exitCode = await new ServerHost(options, TextWriter.Null, error, TimeProvider.System).RunAsync();

        Assert.Equal(1, exitCode);
        Assert.StartsWith("Server 1 cannot write its trace to ", $"{error}");
    }

    [Fact]
    public async Task A_session_that_asks_is_told_what_happens_from_then_on()
    {
        await using var server = await RunningServer.StartAsync(RunningServer.Alone);
        using var alice = await ServedAsync(server);
        await alice.AskAsync("hello client alice");
        await alice.AskAsync("write before 0");
        using var screen = await server.ConnectAsync();
        Assert.Equal("ok", await screen.AskAsync("trace"));

        await alice.AskAsync("write x lost");
        await alice.AskAsync("read x");

        string[] lines = await screen.ReadLinesAsync(3);
        var told = lines.Select(line => TraceParser.Parse(line["traced ".Length..])).ToList();
        Assert.Equal([1, 2, 3], told.Select(line => line.Sequence));
        Assert.All(told, line => Assert.Equal("server 1", $"{line.Process}"));
        Assert.Equal(new TraceEvent.Started(Consistency.Causal), told[0].Event);
        Assert.Equal("x", Assert.IsType<TraceEvent.Accepted>(told[1].Event).Operations[0].Key);
        Assert.Equal("alice", Assert.IsType<TraceEvent.Showed>(told[2].Event).Session.Name);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<LineClient> ServedAsync(RunningServer server)
    {
        var client = await server.ConnectAsync();
        await Eventually.TrueAsync(
            async () => await client.AskAsync("read x") == "missing x", "it serves");
        return client;
    }

    private ServerOptions Options(ServerId id) => RunningServer.Alone with
    {
        Id = id,
        AllowFaults = true,
        TraceFile = FileOf(id),
    };

    private string FileOf(ServerId id) => Path.Combine(_folder.FullName, $"{id}.jsonl");

    private List<TraceEvent> Events(ServerId id)
    {
        using StreamReader text = new(FileOf(id));
        return [.. TraceReader.Read(text, FileOf(id), Assert.Fail).Select(line => line.Event)];
    }
}
