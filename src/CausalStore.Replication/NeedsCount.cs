namespace CausalStore.Replication;

/// <summary>What causality costs on the wire: how many writes the writes name that they need.</summary>
internal sealed class NeedsCount
{
    private long _writes;
    private long _needs;

    public int Max { get; private set; }

    /// <summary>Over all writes that were applied here; 0 before the first.</summary>
    public double Average => _writes == 0 ? 0 : (double)_needs / _writes;

    public void Add(int needs)
    {
        _writes++;
        _needs += needs;
        Max = Math.Max(Max, needs);
    }
}
