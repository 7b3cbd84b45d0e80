namespace CausalStore.Simulation;

/// <summary>Chance from a seed, the same on every machine: the only randomness in a simulated
/// world.</summary>
/// <remarks>Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014.</remarks>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>Dice of their own for one part of the world, so that a change in another part leaves it
    /// alone.</summary>
    public Dice Fork() => new(Next());

    public int Below(int count) => (int)(Next() % (ulong)count);

    /// <summary>Both ends included.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    public TimeSpan Between(TimeSpan least, TimeSpan most) =>
        new(least.Ticks + (long)(Next() % (ulong)(most.Ticks - least.Ticks + 1)));

    /// <summary>From nothing to twice the mean.</summary>
    public TimeSpan Around(TimeSpan mean) => Between(TimeSpan.FromTicks(1), 2 * mean);

    public bool Chance(double probability) => (Next() >> 11) * (1.0 / (1UL << 53)) < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>One of them, or nothing where there is none.</summary>
    public T? PickOrNone<T>(IReadOnlyList<T> items)
        where T : class => items.Count == 0 ? null : Pick(items);

    public void Shuffle<T>(IList<T> items)
    {
        for (int index = items.Count - 1; index > 0; index--)
        {
            int other = Below(index + 1);
            (items[index], items[other]) = (items[other], items[index]);
        }
    }
}
