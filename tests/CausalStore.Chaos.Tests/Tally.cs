using System.Globalization;

namespace CausalStore.Chaos.Tests;

/// <summary>How often what happened. May be used by several tasks at once.</summary>
internal sealed class Tally
{
    private static readonly Happening[] All = Enum.GetValues<Happening>();

    private readonly long[] _counts = new long[All.Length];
    private long _kills;

    public long this[Happening what] => Interlocked.Read(ref _counts[(int)what]);

    /// <summary>Every single kill -9.</summary>
    public long Kills => Interlocked.Read(ref _kills);

    public void Add(Happening what, long count = 1) => Interlocked.Add(ref _counts[(int)what], count);

    public void AddKill() => Interlocked.Increment(ref _kills);

    public override string ToString() => string.Join(", ", All
        .Where(what => this[what] > 0 || what == Happening.Violations)
        .Select(what => string.Create(CultureInfo.InvariantCulture, $"{what} {this[what]}"))
        .Prepend($"kill -9 {Kills}"));
}
