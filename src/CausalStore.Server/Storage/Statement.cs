using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CausalStore.Server.Storage;

/// <summary>A compiled statement; parameters are counted from 1, columns from 0.</summary>
internal sealed class Statement(sqlite3 database, sqlite3_stmt statement) : IDisposable
{
    public Statement Bind(int parameter, long number)
    {
        Check(raw.sqlite3_bind_int64(statement, parameter, number));
        return this;
    }

    public Statement Bind(int parameter, ReadOnlySpan<byte> bytes)
    {
        // An empty span is no NULL.
        Check(bytes.IsEmpty
            ? raw.sqlite3_bind_zeroblob(statement, parameter, 0)
            : raw.sqlite3_bind_blob(statement, parameter, bytes));
        return this;
    }

    public Statement BindText(int parameter, ReadOnlySpan<byte> text)
    {
        Check(raw.sqlite3_bind_text(statement, parameter, text));
        return this;
    }

    public Statement Bind(int parameter, string text)
    {
        Check(raw.sqlite3_bind_text(statement, parameter, text));
        return this;
    }

    public Statement BindNull(int parameter)
    {
        Check(raw.sqlite3_bind_null(statement, parameter));
        return this;
    }

    /// <summary>The next row; false: there is none.</summary>
    public bool Step()
    {
        int result = raw.sqlite3_step(statement);

        if (result is raw.SQLITE_ROW or raw.SQLITE_DONE)
        {
            return result == raw.SQLITE_ROW;
        }

        SqliteException.ThrowExceptionForRC(result, database);
        return false;
    }

    /// <summary>Carries it out, and makes it ready for the next time.</summary>
    public void Run()
    {
        try
        {
            Step();
        }
        finally
        {
            Reset();
        }
    }

    public void Reset() => _ = raw.sqlite3_reset(statement);

    public long Number(int column) => raw.sqlite3_column_int64(statement, column);

    /// <summary>Valid until the next step; empty for NULL.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(statement, column);

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string() ?? "";

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public void Dispose() => statement.Dispose();

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, database);
}
