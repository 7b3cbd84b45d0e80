using System.Globalization;

namespace CausalStore.Server.Storage;

// What must be true of the tables of state.db as of one moment: rows of the table meta, written with
// `folded`.
//
// Every row has a checksum, and SQLite knows how its pages hang together; neither tells that some pages are
// of a later moment than others. So it is where a checkpoint was cut short, and the write-ahead log that has
// the rest is gone.
internal static class StateSums
{
    private const string Keys = "sum.keys";
    private const string Facts = "sum.facts";
    private const string Delayed = "sum.delayed";

    /// <param name="keys">So many rows the table keys has; null: as many as before.</param>
    public static void Write(Database database, ReadOnlySpan<byte> facts, int? keys = null)
    {
        Meta.Write(database, Facts, $"{Checksum.Of(facts)}");
        Meta.Write(database, Delayed, DelayedNow(database));

        if (keys is { } count)
        {
            Meta.Write(database, Keys, $"{count}");
        }
    }

    /// <param name="keys">So many rows the table keys has: more than then, where a further save has
    /// begun.</param>
    /// <exception cref="StorageException">Something is missing.</exception>
    public static void Check(Database database, ReadOnlySpan<byte> facts, long keys)
    {
        var values = Meta.Read(database);

        if (values.TryGetValue(Keys, out string? count)
            && keys < long.Parse(count, CultureInfo.InvariantCulture))
        {
            throw Missing($"{keys} keys of {count} are there");
        }

        if (values.TryGetValue(Facts, out string? sum) && sum != $"{Checksum.Of(facts)}")
        {
            throw Missing("the table facts is of another moment");
        }

        if (values.TryGetValue(Delayed, out string? delayed) && delayed != DelayedNow(database))
        {
            throw Missing("the table delayed is of another moment");
        }
    }

    private static StorageException Missing(string what) => StorageException.Damage(
        $"{StateFile.Name} has not all that was saved: {what}. Is {StateFile.Name}-wal lost?");

    private static string DelayedNow(Database database) => database.Texts(
        "SELECT count(*) || ' ' || coalesce(sum((timestamp * 65537 + origin) % 1000003), 0) FROM delayed")[0];
}
