using CausalStore.Protocol;
using CausalStore.Replication;

namespace CausalStore.Benchmarks.Sites;

/// <summary>What the writes of a world cost: how late each is seen at each other site, and what it
/// carries.</summary>
internal sealed class SiteFigures
{
    private readonly Dictionary<WriteVersion, TimeSpan> _acceptedAt = [];

    /// <summary>Whether writes that are accepted now count.</summary>
    public bool IsMeasuring { get; set; }

    /// <summary>Milliseconds from a write until another site shows it.</summary>
    public List<double> Visible { get; } = [];

    /// <summary>Milliseconds from a write until it arrives at another site.</summary>
    public List<double> Arrived { get; } = [];

    /// <summary>Milliseconds that a write waits there for what it needs; none for those that do not
    /// wait.</summary>
    public List<double> Waited { get; } = [];

    /// <summary>Entries of each write's needs.</summary>
    public List<double> Needs { get; } = [];

    /// <summary>The needs as they are written.</summary>
    public List<double> NeedsBytes { get; } = [];

    /// <summary>All that a write carries beside its operations: its version, PREVIOUS, its needs.</summary>
    public List<double> HeadBytes { get; } = [];

    public void Look(int site, Notice notice, TimeSpan now)
    {
        switch (notice)
        {
            case Notice.WriteAccepted(_, var write) when IsMeasuring:
                _acceptedAt.Add(write.Version, now);
                Needs.Add(write.Needs.Count);
                NeedsBytes.Add(write.Needs.ToString().Length);
                HeadBytes.Add(write.Line.Length - write.OperationsText.Length);
                break;
            case Notice.WriteApplied(var write, _, var waited, _)
                when _acceptedAt.TryGetValue(write.Version, out var acceptedAt):
                Visible.Add((now - acceptedAt).TotalMilliseconds);
                Arrived.Add((now - acceptedAt - (waited ?? TimeSpan.Zero)).TotalMilliseconds);

                if (waited is { } delay)
                {
                    Waited.Add(delay.TotalMilliseconds);
                }

                break;
            case Notice.BadLine(var from, string error):
                throw new InvalidOperationException($"site {site + 1} was told nonsense by {from}: {error}");
        }
    }

    /// <summary>Orders the figures, for <see cref="Percentile"/>.</summary>
    public void Close()
    {
        Visible.Sort();
        Arrived.Sort();
        Waited.Sort();
    }

    public static double Percentile(List<double> sorted, double share) =>
        sorted.Count == 0 ? 0 : sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Count) - 1)];
}
