using System.Globalization;

namespace CausalStore.Checking;

/// <summary>
/// What the store calls one write, as in <c>5@2</c>: a Lamport timestamp, then the server's id.
/// </summary>
/// <remarks>Ordered by timestamp, then by server: the greater of two writes of a key is to win.</remarks>
public readonly record struct HistoryVersion(long Timestamp, int Server) : IComparable<HistoryVersion>
{
    public static bool operator <(HistoryVersion left, HistoryVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(HistoryVersion left, HistoryVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(HistoryVersion left, HistoryVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(HistoryVersion left, HistoryVersion right) => left.CompareTo(right) >= 0;

    /// <exception cref="FormatException">The text is not a version.</exception>
    public static HistoryVersion Parse(string text) => TryParse(text, out var version)
        ? version
        : throw new FormatException($"\"{text}\" is not a version: write TIMESTAMP@SERVER, as in 5@2");

    public static bool TryParse(string? text, out HistoryVersion version)
    {
        version = default;
        var at = text?.IndexOf('@') ?? -1;

        if (at <= 0
            || !long.TryParse(
                text.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out var timestamp)
            || !int.TryParse(
                text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var server))
        {
            return false;
        }

        version = new HistoryVersion(timestamp, server);
        return true;
    }

    public int CompareTo(HistoryVersion other)
        => (Timestamp, Server).CompareTo((other.Timestamp, other.Server));

    public override string ToString() => $"{Timestamp}@{Server}";
}
