using CausalStore.Protocol;
using CausalStore.Server.Storage;
using CausalStore.Server.Tests.Kit;

namespace CausalStore.Server.Tests.Storage;

public sealed class StateSumsTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();
    private readonly Database _database;

    public StateSumsTests()
    {
        string path = _temporary.In(StateFile.Name);
        StateFile.Create(path, new ServerId(1), "k7Qm2wXp", Consistency.Causal);
        _database = new Database(path, Access.Write);
        _database.Execute("INSERT INTO delayed VALUES (5, 2, 'a', 0), (7, 3, 'b', 0)");
    }

    public void Dispose()
    {
        _database.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public void Nothing_is_asked_of_a_state_that_was_saved_without_them() =>
        StateSums.Check(_database, "clock 7\n"u8, keys: 0);

    [Fact]
    public void What_was_written_holds_also_when_more_keys_have_come()
    {
        StateSums.Write(_database, "clock 7\n"u8, keys: 10);

        StateSums.Check(_database, "clock 7\n"u8, keys: 10);
        StateSums.Check(_database, "clock 7\n"u8, keys: 11);
    }

    [Fact]
    public void Fewer_keys_other_facts_and_other_delayed_writes_are_of_another_moment()
    {
        StateSums.Write(_database, "clock 7\n"u8, keys: 10);

        Assert.Contains("9 keys of 10", Refused("clock 7\n", keys: 9));
        Assert.Contains("the table facts", Refused("clock 6\n", keys: 10));
        _database.Execute("DELETE FROM delayed WHERE origin = 3");
        Assert.Contains("the table delayed", Refused("clock 7\n", keys: 10));
        Assert.Contains("state.db-wal lost?", Refused("clock 7\n", keys: 10));
    }

    [Fact]
    public void Facts_that_are_replaced_leave_the_keys_as_they_are()
    {
        StateSums.Write(_database, "clock 7\n"u8, keys: 10);

        StateSums.Write(_database, "clock 8\n"u8);

        Assert.Contains("9 keys of 10", Refused("clock 8\n", keys: 9));
    }

    private string Refused(string facts, long keys) => Assert.Throws<StorageException>(
        () => StateSums.Check(_database, System.Text.Encoding.UTF8.GetBytes(facts), keys)).Message;
}
