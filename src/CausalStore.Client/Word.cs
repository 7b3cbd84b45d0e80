using System.Text;

namespace CausalStore.Client;

/// <summary>A key, a value or a prefix: any bytes, UTF-8 by habit. Equal by content. A string and a byte array
/// become one by themselves.</summary>
public readonly struct Word : IEquatable<Word>
{
    private readonly byte[]? _bytes;

    private Word(byte[] bytes) => _bytes = bytes;

    public ReadOnlySpan<byte> Bytes => _bytes;

    public static implicit operator Word(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>The bytes are not copied: leave them as they are from now on.</summary>
    public static implicit operator Word(byte[] bytes) => new(bytes);

    public static bool operator ==(Word left, Word right) => left.Equals(right);

    public static bool operator !=(Word left, Word right) => !left.Equals(right);

    public bool Equals(Word other) => Bytes.SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => obj is Word other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = new();
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <summary>As UTF-8; what is not is shown as the replacement character.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Bytes);
}
