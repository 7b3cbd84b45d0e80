using CausalStore.Protocol;

namespace CausalStore.Benchmarks;

/// <summary>Writes of another server, one at every timestamp, as the lines in which they come; each is valid
/// until the next.</summary>
internal sealed class RemoteWrites(int origin)
{
    private const int Keys = 1_000_000;

    private readonly OutputBuffer _line = new();
    private long _timestamp;

    /// <param name="needs">A timestamp of the same server, 0: nothing.</param>
    public ReadOnlySpan<byte> Write(long needs = 0) => Line(++_timestamp, needs);

    /// <summary>Leaves out a write, that comes later or never; returns its timestamp.</summary>
    public long Skip() => ++_timestamp;

    /// <summary>The write that was left out.</summary>
    public ReadOnlySpan<byte> Skipped(long timestamp) => Line(timestamp, needs: 0);

    private ReadOnlySpan<byte> Line(long timestamp, long needs)
    {
        _line.Clear();
        _line.Append("replicate "u8).Append(timestamp).Append("@"u8).Append(origin).Space()
            .Append(timestamp - 1).Space();

        if (needs == 0)
        {
            _line.Append("-"u8);
        }
        else
        {
            _line.Append(needs).Append("@"u8).Append(origin);
        }

        // As many digits for every key.
        return _line.Append(" write key:"u8).Append(100_000_000_000 + (timestamp % Keys))
            .Append(" xxxxxxxxxxxxxxxx"u8).Written;
    }
}
