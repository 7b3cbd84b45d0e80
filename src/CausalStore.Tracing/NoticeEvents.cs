using System.Runtime.CompilerServices;
using CausalStore.Protocol;
using CausalStore.Replication;

namespace CausalStore.Tracing;

/// <summary>What a replica tells, as it stands in a trace.</summary>
public sealed class NoticeEvents
{
    /// <summary>One who waits for a value reads it many times a second: that is told once.</summary>
    private readonly ConditionalWeakTable<Session, List<Sight>> _lastShown = [];

    private readonly WordSplitter _splitter = new();

    /// <summary>Null: it stands in no trace.</summary>
    public TraceEvent? Of(Notice notice) => notice switch
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
