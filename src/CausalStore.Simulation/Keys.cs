using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Simulation;

/// <summary>The few keys of a run: conflicts and dependencies across keys are what is wanted.</summary>
internal sealed class Keys
{
    public const int CountMax = 10;

    private static readonly string[] Names = ["x", "y", "z", "a1", "a2", "b one", "ä", "b2", "a\"3", "c"];

    private readonly byte[][] _bytes;
    private readonly string[] _words;

    public Keys(int count)
    {
        _bytes = [.. Names.Take(count).Select(Encoding.UTF8.GetBytes)];
        _words = [.. _bytes.Select(Word)];
        var inByteOrder = Comparer<byte[]>.Create(Compare);
        InByteOrder = [.. Enumerable.Range(0, count).OrderBy(key => _bytes[key], inByteOrder)];
    }

    public static IReadOnlyList<string> Prefixes { get; } = ["", "a", "b", "x", "b one", "nothing"];

    public int Count => _bytes.Length;

    public IReadOnlyList<int> InByteOrder { get; }

    /// <summary>As it is written in a request.</summary>
    public string this[int key] => _words[key];

    public ReadOnlySpan<byte> Bytes(int key) => _bytes[key];

    public int IndexOf(ReadOnlySpan<byte> name)
    {
        for (int key = 0; key < _bytes.Length; key++)
        {
            if (name.SequenceEqual(_bytes[key]))
            {
                return key;
            }
        }

        throw new BrokenPromiseException(
            Promises.NothingFromThinAir, $"nobody ever named the key '{Encoding.UTF8.GetString(name)}'");
    }

    /// <summary>The keys under a prefix, greater than the one after which they are asked for, in byte
    /// order.</summary>
    public IReadOnlyList<int> InRange(string prefix, int? after) =>
    [
        .. InByteOrder.Where(key => HasPrefix(key, prefix)
            && (after is null || Compare(_bytes[key], _bytes[after.Value]) > 0)),
    ];

    public bool HasPrefix(int key, string prefix) =>
        _bytes[key].AsSpan().StartsWith(Encoding.UTF8.GetBytes(prefix));

    /// <summary>A prefix as it is written in a request.</summary>
    public static string Word(string prefix) => Word(Encoding.UTF8.GetBytes(prefix));

    private static string Word(byte[] bytes)
    {
        OutputBuffer word = new();
        word.AppendWord(bytes);
        return Encoding.UTF8.GetString(word.Written);
    }

    private static int Compare(byte[]? left, byte[]? right) => left.AsSpan().SequenceCompareTo(right);
}
