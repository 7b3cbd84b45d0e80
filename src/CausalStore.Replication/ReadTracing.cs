using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>Tells the trace what a read or a scan has shown: the first keys of it. Nothing while nobody
/// traces.</summary>
internal sealed class ReadTracing(ReplicaState state)
{
    private const int KeysMax = 20;

    public void Showed(Session session, Words read)
    {
        if (!state.Effects.Tracing)
        {
            return;
        }

        List<(byte[], WriteVersion?)> shown = [];

        for (int index = 1; index < read.Count && shown.Count < KeysMax; index++)
        {
            var stored = state.Store.Find(read[index]);
            shown.Add((read[index].ToArray(), stored.Exists ? stored.Version : null));
        }

        state.Effects.Notices.Add(new Notice.KeysShown(session, shown));
    }

    public void Showed(Session session, Request.Scan scan)
    {
        if (!state.Effects.Tracing)
        {
            return;
        }

        // Eager: the store is another one when the notice is read.
        var shown = state.Store.Scan(scan.Prefix, scan.After)
            .Where(number => !state.Store[number].IsTombstone)
            .Take(Math.Min(scan.Limit, KeysMax))
            .Select(number => (state.Store[number].Key.ToArray(), (WriteVersion?)state.Store[number].Version))
            .ToList();
        state.Effects.Notices.Add(new Notice.KeysShown(session, shown));
    }
}
