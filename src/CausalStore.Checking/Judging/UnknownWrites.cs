using System.Numerics;

namespace CausalStore.Checking.Judging;

// A set of writes of unknown outcome, by number. Never changed: those who know the same share it.
internal readonly struct UnknownWrites
{
    private readonly ulong[]? _bits;

    private UnknownWrites(ulong[] bits)
    {
        _bits = bits;
    }

    public static UnknownWrites None => default;

    private ReadOnlySpan<ulong> Bits => _bits;

    public bool Contains(int number)
        => number / 64 < Bits.Length && (Bits[number / 64] >> (number % 64) & 1) != 0;

    public UnknownWrites With(int number)
    {
        var bits = new ulong[Math.Max(Bits.Length, (number / 64) + 1)];
        Bits.CopyTo(bits);
        bits[number / 64] |= 1UL << (number % 64);
        return new UnknownWrites(bits);
    }

    public UnknownWrites Union(UnknownWrites other)
    {
        if (_bits == other._bits || IsWithin(other.Bits, Bits))
        {
            return this;
        }

        if (IsWithin(Bits, other.Bits))
        {
            return other;
        }

        var bits = new ulong[Math.Max(Bits.Length, other.Bits.Length)];
        Bits.CopyTo(bits);

        for (var word = 0; word < other.Bits.Length; word++)
        {
            bits[word] |= other.Bits[word];
        }

        return new UnknownWrites(bits);
    }

    public Enumerator GetEnumerator() => new(Bits);

    private static bool IsWithin(ReadOnlySpan<ulong> some, ReadOnlySpan<ulong> all)
    {
        for (var word = 0; word < some.Length; word++)
        {
            if ((some[word] & ~(word < all.Length ? all[word] : 0)) != 0)
            {
                return false;
            }
        }

        return true;
    }

    internal ref struct Enumerator(ReadOnlySpan<ulong> bits)
    {
        private readonly ReadOnlySpan<ulong> _bits = bits;
        private int _word = -1;
        private ulong _left;

        public int Current { get; private set; }

        public bool MoveNext()
        {
            while (_left == 0)
            {
                if (++_word >= _bits.Length)
                {
                    return false;
                }

                _left = _bits[_word];
            }

            Current = (_word * 64) + BitOperations.TrailingZeroCount(_left);
            _left &= _left - 1;
            return true;
        }
    }
}
