namespace CausalStore.Client.Bench;

/// <summary>Numbers that look random and are the same for the same seed (Steele et al., "Fast Splittable
/// Pseudorandom Number Generators", OOPSLA 2014).</summary>
internal sealed class SplitMix(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Sends every number to another one, all over the range.</summary>
    public static ulong Scatter(ulong number)
    {
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
        number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
        return number ^ (number >> 31);
    }

    /// <summary>From 0 up to, and without, the limit.</summary>
    public int Below(int limit) => (int)(((Next() >> 32) * (ulong)limit) >> 32);

    /// <summary>From 0 up to, and without, 1.</summary>
    public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        return Scatter(_state);
    }
}
