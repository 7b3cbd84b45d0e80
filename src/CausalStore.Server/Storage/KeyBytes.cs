using System.Diagnostics.CodeAnalysis;

namespace CausalStore.Server.Storage;

/// <summary>Keys are bytes, equal by content.</summary>
internal sealed class KeyBytes : IEqualityComparer<byte[]>
{
    public static readonly KeyBytes Comparer = new();

    public bool Equals(byte[]? x, byte[]? y) => ReferenceEquals(x, y) || x.AsSpan().SequenceEqual(y);

    public int GetHashCode([DisallowNull] byte[] obj) => (int)Checksum.Of(obj);
}
