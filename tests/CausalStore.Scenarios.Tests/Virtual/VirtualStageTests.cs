using CausalStore.Protocol;
using CausalStore.Scenarios.Virtual;
using CausalStore.Tracing;

namespace CausalStore.Scenarios.Tests.Virtual;

public sealed class VirtualStageTests
{
    private static readonly ServerPart First = new(1, [], Consistency.Causal, TimeSpan.Zero);
    private static readonly ServerPart Second = First with { Id = 2, MeetAt = [1] };

    [Fact]
    public async Task A_condition_that_never_holds_is_given_up()
    {
        await using VirtualStage stage = new();
        await stage.StartAsync(First, CancellationToken.None);
        int looks = 0;

        bool holds = await stage.UntilAsync(
            () => Task.FromResult(++looks < 0), TimeSpan.FromSeconds(1), CancellationToken.None);

        Assert.False(holds);
        Assert.Equal(101, looks);
    }

    [Fact]
    public async Task What_nobody_asks_is_in_no_trace()
    {
        await using VirtualStage stage = new();
        await stage.StartAsync(First, CancellationToken.None);
        var alice = await stage.ConnectAsync("alice", 1, CancellationToken.None);
        await stage.AskAsync(1, "scan \"\"", CancellationToken.None);
        await alice.AskAsync("read x", CancellationToken.None);

        var traces = await stage.FinishAsync(CancellationToken.None);

        var shown = traces.SelectMany(trace => trace).Select(line => line.Event).OfType<TraceEvent.Showed>();
        Assert.Equal("alice", Assert.Single(shown).Session.Name);
    }

    [Fact]
    public async Task One_who_connects_again_goes_on_in_the_same_trace()
    {
        await using VirtualStage stage = new();
        await stage.StartAsync(First, CancellationToken.None);
        await (await stage.ConnectAsync("alice", 1, CancellationToken.None)).LeaveAsync();
        await stage.ConnectAsync("alice", 1, CancellationToken.None);

        var traces = await stage.FinishAsync(CancellationToken.None);

        var alice = Assert.Single(traces, trace => trace[0].Process == TracedProcess.Client("alice"));
        Assert.Equal(
            ["Started", "Connected", "Connected", "Stopped"],
            alice.Select(line => line.Event.GetType().Name));
        Assert.Equal([1, 2, 3, 4], alice.Select(line => line.Sequence));
    }

    [Fact]
    public async Task A_killed_server_has_no_stop_in_its_trace_and_begins_anew_there()
    {
        await using VirtualStage stage = new();
        await stage.StartAsync(First, CancellationToken.None);
        await stage.KillAsync(1, CancellationToken.None);
        await stage.StartAsync(First, CancellationToken.None);

        var server = Assert.Single(await stage.FinishAsync(CancellationToken.None));

        Assert.Equal(2, server.Count(line => line.Event is TraceEvent.Started));
        Assert.Single(server, line => line.Event is TraceEvent.Stopped);
    }

    [Fact]
    public async Task A_server_stops_when_others_have_what_it_has_or_after_a_while()
    {
        await using VirtualStage stage = new();
        await stage.StartAsync(First, CancellationToken.None);
        await stage.StartAsync(Second, CancellationToken.None);
        await stage.PassAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
        await stage.AskAsync(1, "link 2 cut", CancellationToken.None);
        var alice = await stage.ConnectAsync("alice", 1, CancellationToken.None);
        await alice.AskAsync("write x 1", CancellationToken.None);
        await stage.StopAsync(1, CancellationToken.None);

        Assert.Equal(
            new Response.Missing("x"u8.ToArray(), null).GetType(),
            (await stage.AskAsync(2, "read x", CancellationToken.None))[0].GetType());
    }
}
