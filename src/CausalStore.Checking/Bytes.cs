using System.Text;

namespace CausalStore.Checking;

/// <summary>
/// A key or a value: any bytes, UTF-8 by habit. Ordered byte by byte, as the store orders keys.
/// </summary>
public readonly struct Bytes : IEquatable<Bytes>, IComparable<Bytes>
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    // One char per byte, 0 to 255: ASCII text costs no copy, and ordinal order is byte order.
    private readonly string? _octets;

    private Bytes(string octets)
    {
        _octets = octets;
    }

    private string Octets => _octets ?? "";

    public static bool operator ==(Bytes left, Bytes right) => left.Equals(right);

    public static bool operator !=(Bytes left, Bytes right) => !left.Equals(right);

    public static bool operator <(Bytes left, Bytes right) => left.CompareTo(right) < 0;

    public static bool operator >(Bytes left, Bytes right) => left.CompareTo(right) > 0;

    public static bool operator <=(Bytes left, Bytes right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Bytes left, Bytes right) => left.CompareTo(right) >= 0;

    /// <summary>The text as UTF-8.</summary>
    /// <exception cref="ArgumentException">The text holds half of a surrogate pair.</exception>
    public static implicit operator Bytes(string text) => FromText(text);

    /// <inheritdoc cref="op_Implicit(string)"/>
    public static Bytes FromText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);

        return Ascii.IsValid(text) ? new Bytes(text) : From(StrictUtf8.GetBytes(text));
    }

    public static Bytes From(ReadOnlySpan<byte> bytes) => new(Encoding.Latin1.GetString(bytes));

    public byte[] ToArray() => Encoding.Latin1.GetBytes(Octets);

    /// <summary>Whether the bytes are UTF-8; then <paramref name="text"/> is what they say.</summary>
    public bool TryGetText(out string text)
    {
        text = Octets;

        if (Ascii.IsValid(text))
        {
            return true;
        }

        try
        {
            text = StrictUtf8.GetString(ToArray());
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    public bool StartsWith(Bytes prefix) => Octets.StartsWith(prefix.Octets, StringComparison.Ordinal);

    public int CompareTo(Bytes other) => string.CompareOrdinal(Octets, other.Octets);

    public bool Equals(Bytes other) => string.Equals(Octets, other.Octets, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is Bytes other && Equals(other);

    public override int GetHashCode() => Octets.GetHashCode();

    /// <summary>For people: the text, or <c>\xHH</c> for every byte that is not printable ASCII.</summary>
    public override string ToString()
    {
        if (TryGetText(out var text) && !text.Any(char.IsControl))
        {
            return text;
        }

        var shown = new StringBuilder();

        foreach (var octet in Octets)
        {
            _ = octet is >= ' ' and <= '~' ? shown.Append(octet) : shown.Append($"\\x{(int)octet:X2}");
        }

        return shown.ToString();
    }
}
