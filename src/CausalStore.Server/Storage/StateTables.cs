namespace CausalStore.Server.Storage;

/// <summary>The tables of state.db, and views for a person who opens it.</summary>
internal static class StateTables
{
    public const string Create =
        """
        CREATE TABLE keys(
            key BLOB PRIMARY KEY, value BLOB, timestamp INTEGER NOT NULL, origin INTEGER NOT NULL,
            crc INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE delayed(
            timestamp INTEGER, origin INTEGER, line TEXT NOT NULL, crc INTEGER NOT NULL,
            PRIMARY KEY(timestamp, origin)) STRICT, WITHOUT ROWID;
        CREATE TABLE facts(position INTEGER PRIMARY KEY, line TEXT NOT NULL, crc INTEGER NOT NULL) STRICT;

        CREATE VIEW visible AS
            SELECT
                CAST(key AS TEXT) AS key, CAST(value AS TEXT) AS value, timestamp || '@' || origin AS version
            FROM keys WHERE value IS NOT NULL;
        CREATE VIEW deleted AS
            SELECT CAST(key AS TEXT) AS key, timestamp || '@' || origin AS version
            FROM keys WHERE value IS NULL;
        CREATE VIEW waiting AS SELECT timestamp || '@' || origin AS version, line FROM delayed;
        CREATE VIEW members AS SELECT substr(line, 8) AS member FROM facts WHERE line LIKE 'member %';
        CREATE VIEW forgotten AS SELECT substr(line, 11) AS server FROM facts WHERE line LIKE 'forgotten %';
        CREATE VIEW applied AS SELECT substr(line, 9) AS ranges FROM facts WHERE line LIKE 'applied %';
        """;
}
