using System.Text;

namespace CausalStore.Server.Storage;

/// <summary>The table <c>meta(name, value, crc)</c>.</summary>
internal static class Meta
{
    public static void Create(Database database) => database.Execute(
        "CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL, crc INTEGER NOT NULL)"
        + " STRICT, WITHOUT ROWID");

    public static void Write(Database database, string name, string value)
    {
        using var insert = database.Prepare(
            "INSERT INTO meta(name, value, crc) VALUES (?1, ?2, ?3)"
            + " ON CONFLICT(name) DO UPDATE SET value = ?2, crc = ?3");
        insert.Bind(1, name).Bind(2, value).Bind(3, Sum(name, value)).Run();
    }

    /// <exception cref="StorageException">A row is not what was written.</exception>
    public static Dictionary<string, string> Read(Database database)
    {
        Dictionary<string, string> values = [];
        using var rows = database.Prepare("SELECT name, value, crc FROM meta");

        while (rows.Step())
        {
            string name = rows.Text(0);
            values[name] = rows.Text(1);

            if (rows.Number(2) != Sum(name, values[name]))
            {
                throw StorageException.Damage($"the row '{name}' of the table meta is not what was written");
            }
        }

        return values;
    }

    private static uint Sum(string name, string value) =>
        Checksum.Of(Encoding.UTF8.GetBytes($"{name} {value}"));
}
