using CausalStore.Protocol;
using CausalStore.Replication;
using CausalStore.Server.Journal;
using CausalStore.Server.Narration;
using CausalStore.Server.Network;
using CausalStore.Server.Tracing;
using CausalStore.Tracing;
using Serilog;

namespace CausalStore.Server.Tests.Kit;

/// <summary>A loop that serves, over a journal of the test's own.</summary>
internal sealed class RunningLoop : IAsyncDisposable
{
    private readonly Listener _listener = Listener.Open("127.0.0.1", 0);
    private readonly IPoller _poller = Pollers.Create();
    private readonly Dialer _dialer;
    private readonly Narrator _narrator;
    private readonly ServerLoop _loop;
    private readonly Task<LoopEnd> _run;

    public RunningLoop(
        Func<Action, IJournal> journalOf, Func<ReplicaOptions, ReplicaOptions>? with = null)
    {
        var log = new LoggerConfiguration().CreateLogger();
        Effects effects = new() { Journaling = true };
        ReplicaOptions options = new() { Id = new ServerId(1), Instance = "k7Qm2wXp" };
        Replica replica = new(with?.Invoke(options) ?? options, effects);
        _dialer = new Dialer(_poller.Wake);
        _narrator = new Narrator(log, new Story(log, Consistency.Causal), Verbosity.Quiet);
        _loop = new ServerLoop(
            replica, effects, _listener, _poller, journalOf(_poller.Wake), _dialer, _narrator,
            new ServerTrace(
                TracedProcess.Server(new ServerId(1)), Consistency.Causal, TimeProvider.System, file: null),
            TimeProvider.System, ServerOptions.LineBytesDefault);
        Port = _listener.Port;
        _run = Task.Factory.StartNew(_loop.Run, TaskCreationOptions.LongRunning);
    }

    public int Port { get; }

    public Task<LoopEnd> End => _run.WaitAsync(Eventually.Limit);

    public async ValueTask DisposeAsync()
    {
        // Twice: what waits for the journal is not waited for.
        _loop.RequestStop();
        _loop.RequestStop();
        await End;
        await _dialer.DisposeAsync();
        await _narrator.DisposeAsync();
        _poller.Dispose();
        _listener.Dispose();
    }
}
