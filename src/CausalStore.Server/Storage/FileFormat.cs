namespace CausalStore.Server.Storage;

/// <summary>What kind of file it is, and of which version of it: in SQLite's own places for that.</summary>
internal static class FileFormat
{
    /// <summary>"CSjo"</summary>
    public const int Journal = 0x43536A6F;

    /// <summary>"CSst"</summary>
    public const int State = 0x43537374;

    /// <summary>"CSbk"</summary>
    public const int Backup = 0x4353626B;

    public static void Stamp(Database database, int kind, int version) =>
        database.Execute($"PRAGMA application_id = {kind}; PRAGMA user_version = {version}");

    /// <exception cref="StorageException">This version of the server cannot use it.</exception>
    public static void Check(Database database, string path, int kind, int version)
    {
        long found = database.Number("PRAGMA application_id");

        if (found != kind)
        {
            throw StorageException.Damage($"{path} is not {Name(kind)}: it is {Name(found)}");
        }

        if (database.Number("PRAGMA user_version") is var written && written > version)
        {
            throw new StorageException(
                $"{path} has format {written}; this server knows formats up to {version}."
                + " A newer version has written it: start that one")
            {
                IsNewer = true,
            };
        }
    }

    /// <summary>SQLite's own look at a whole file.</summary>
    /// <returns>What is wrong; empty: nothing is.</returns>
    public static IReadOnlyList<string> CheckIntegrity(Database database) =>
        database.Texts("PRAGMA integrity_check(10)") is var found && found is ["ok"] ? [] : found;

    private static string Name(long kind) => kind switch
    {
        Journal => "a journal",
        State => "a saved state",
        Backup => "a backup",
        _ => "empty, or another program's",
    };
}
