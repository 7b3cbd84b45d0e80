namespace CausalStore.Protocol;

/// <summary>
/// <c>TIMESTAMP@SERVER</c>, as in <c>5@2</c>: names a write, and orders all writes: by Lamport timestamp,
/// then by the server that accepted the write (Lamport, "Time, Clocks, and the Ordering of Events in a
/// Distributed System", 1978, section "Ordering the Events Totally"). The greater version wins a key.
/// </summary>
/// <param name="Timestamp">From 1 up. A number too large for 63 bits reads as <see cref="long.MaxValue"/>,
/// which no clock ever accepts.</param>
/// <param name="Origin">The server that accepted the write.</param>
public readonly record struct WriteVersion(long Timestamp, ServerId Origin) : IComparable<WriteVersion>
{
    public static bool TryParse(ReadOnlySpan<byte> word, out WriteVersion version)
    {
        version = default;
        int at = word.IndexOf((byte)'@');

        if (at <= 0
            || !TryParseTimestamp(word[..at], out long timestamp)
            || timestamp == 0
            || !ServerId.TryParse(word[(at + 1)..], out var origin))
        {
            return false;
        }

        version = new WriteVersion(timestamp, origin);
        return true;
    }

    /// <summary>Digits without leading zeros; what is greater than 63 bits becomes the greatest number there
    /// is, so that it is refused as too large and not as malformed.</summary>
    public static bool TryParseTimestamp(ReadOnlySpan<byte> digits, out long timestamp)
    {
        timestamp = 0;

        if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || (digits[0] == '0' && digits.Length > 1))
        {
            return false;
        }

        foreach (byte digit in digits)
        {
            int value = digit - '0';
            timestamp = timestamp > (long.MaxValue - value) / 10 ? long.MaxValue : (timestamp * 10) + value;
        }

        return true;
    }

    public int CompareTo(WriteVersion other)
    {
        int byTime = Timestamp.CompareTo(other.Timestamp);
        return byTime != 0 ? byTime : Origin.CompareTo(other.Origin);
    }

    public static bool operator >(WriteVersion left, WriteVersion right) => left.CompareTo(right) > 0;

    public static bool operator <(WriteVersion left, WriteVersion right) => left.CompareTo(right) < 0;

    public static bool operator >=(WriteVersion left, WriteVersion right) => left.CompareTo(right) >= 0;

    public static bool operator <=(WriteVersion left, WriteVersion right) => left.CompareTo(right) <= 0;

    public override string ToString() => $"{Timestamp}@{Origin}";
}
