using CausalStore.Protocol;
using CausalStore.Tracing;

namespace CausalStore.Client.Timeline;

/// <summary>Finds how long each delayed write waited, and for what.</summary>
internal sealed class DelayFinder(RunEvent[] events)
{
    private readonly Dictionary<WriteVersion, string> _names = [];

    public Delay[] Find()
    {
        Dictionary<(int Life, WriteVersion Version), RunEvent> waiting = [];
        List<Delay> delays = [];

        foreach (var one in events)
        {
            Name(one);
        }

        foreach (var one in events)
        {
            if (one.Traced is TraceEvent.Delayed delayed)
            {
                waiting[(one.Life, delayed.Version)] = one;
            }
            else if (one.Traced is TraceEvent.Applied applied
                && waiting.Remove((one.Life, applied.Version), out var arrived))
            {
                delays.Add(new Delay(arrived.Index, one.Index, Reason(arrived)));
            }
        }

        delays.AddRange(waiting.Values.Select(arrived => new Delay(arrived.Index, null, Reason(arrived))));
        return [.. delays.OrderBy(delay => delay.From)];
    }

    private void Name(RunEvent one)
    {
        if (one.Traced is TraceEvent.Accepted or TraceEvent.Applied or TraceEvent.Delayed)
        {
            _names.TryAdd(one.Version!.Value, EventText.Writes(one.Traced));
        }
    }

    private string Reason(RunEvent arrived)
    {
        var delayed = (TraceEvent.Delayed)arrived.Traced;
        List<string> missing = [];

        foreach (var need in delayed.Missing.Exact)
        {
            missing.Add(_names.TryGetValue(need, out string? name) ? $"{name} ({need})" : $"{need}");
        }

        foreach (var need in delayed.Missing.UpTo)
        {
            missing.Add($"all of server {need.Origin} up to {need}");
        }

        return $"{EventText.Writes(delayed)} ({delayed.Version}) waits for {string.Join(", ", missing)}";
    }
}
