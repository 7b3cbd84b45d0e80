using System.Buffers;
using System.Runtime.CompilerServices;
using CausalStore.Protocol;
using CausalStore.Replication;
using CausalStore.Tracing;

namespace CausalStore.Server.Tracing;

/// <summary>Writes down what the replica tells (<c>--trace</c>), and passes it on to the sessions that asked
/// for it (<c>trace</c>).</summary>
/// <param name="file">Null: it is written nowhere.</param>
internal sealed class ServerTrace(
    TracedProcess process, Consistency consistency, TimeProvider time, TraceFile? file)
{
    private readonly ArrayBufferWriter<byte> _line = new();

    /// <summary>One who waits for a value reads it many times a second: that is told once.</summary>
    private readonly ConditionalWeakTable<Session, List<Sight>> _lastShown = [];

    private readonly WordSplitter _splitter = new();

    public void Start() => file?.Start(consistency);

    /// <summary>Takes what a turn has brought; never waits.</summary>
    public void Tell(Effects effects)
    {
        if (!effects.Tracing)
        {
            return;
        }

        foreach (var tracer in effects.Tracers)
        {
            if (tracer.TracedCount == 0)
            {
                Push(tracer, new TraceEvent.Started(consistency));
            }
        }

        foreach (var notice in effects.Notices)
        {
            if (EventOf(notice) is { } traced)
            {
                Take(traced, effects.Tracers);
            }
        }
    }

    private void Take(TraceEvent traced, List<Session> tracers)
    {
        file?.Add(traced);

        foreach (var tracer in tracers)
        {
            Push(tracer, traced);
        }
    }

    private void Push(Session tracer, TraceEvent traced)
    {
        _line.ResetWrittenCount();
        TraceWriter.Write(
            new TraceLine(process, tracer.TracedCount + 1, time.GetUtcNow().UtcDateTime, traced), _line);
        tracer.PushTraced(_line.WrittenSpan[..^1]);
    }

    private TraceEvent? EventOf(Notice notice) => notice switch
    {
        Notice.WriteAccepted(var session, var write) => new TraceEvent.Accepted(
            write.Version, write.Needs, OperationsOf(write), Traced(session)),
        Notice.WriteSent(var version, var to, bool isHeld) => new TraceEvent.Sent(version, to, isHeld),
        Notice.WriteReceived(var version, var from) => new TraceEvent.Received(version, from),
        Notice.WriteDelayed(var write, var from, var missing) => new TraceEvent.Delayed(
            write.Version, from, write.Needs, missing, OperationsOf(write)),
        Notice.WriteApplied(var write, var from, var waited, var by) => new TraceEvent.Applied(
            write.Version, from, write.Needs, OperationsOf(write), waited, by),
        Notice.ChangePushed(var session, byte[] key, var version) => new TraceEvent.Pushed(
            Traced(session), TraceText.Of(key), version),
        Notice.KeysShown(var session, var keys) => Showed(session, keys),
        Notice.LinkDisturbed(var link) => new TraceEvent.Disturbed(link.Server, link.Action, link.Amount),
        Notice.PeerConnected(var peer, _, _) => new TraceEvent.Connected(peer),
        Notice.PeerDisconnected(var peer) => new TraceEvent.Disconnected(peer),
        Notice.Cluster(string text, _) => new TraceEvent.Noted(text),
        _ => null,
    };

    private TraceEvent.Showed? Showed(
        Session session, IReadOnlyList<(byte[] Key, WriteVersion? Version)> keys)
    {
        List<Sight> shown = [.. keys.Select(key => new Sight(TraceText.Of(key.Key), null, key.Version))];
        bool isNews = !_lastShown.TryGetValue(session, out var last) || !last.SequenceEqual(shown);

        if (isNews)
        {
            _lastShown.AddOrUpdate(session, shown);
        }

        return isNews ? new TraceEvent.Showed(Traced(session), shown) : null;
    }

    private IReadOnlyList<TracedOperation> OperationsOf(Write write) =>
        TraceText.Of(new Operations(_splitter.Split(write.OperationsText), first: 0));

    private static TracedSession Traced(Session session) => new($"{session}", session.Number);
}
