using System.Text;
using CausalStore.Protocol;
using CausalStore.Replication;
using CausalStore.Server.Storage;
using CausalStore.Server.Tests.Kit;

namespace CausalStore.Server.Tests.Storage;

public sealed class StateFileTests : IDisposable
{
    /// <summary>Time in which tombstones are swept that nobody needs.</summary>
    private const string Sweep = "";

    private readonly TemporaryDirectory _temporary = new();
    private readonly string _path;
    private readonly StateFile _state;
    private readonly Replica _replica = new(
        new ReplicaOptions { Id = new ServerId(7), Instance = "k7Qm2wXp" },
        new Effects { Journaling = true });
    private readonly Session _session;
    private TimeSpan _now;

    public StateFileTests()
    {
        _session = _replica.OpenSession();
        _path = _temporary.In("state.db");
        StateFile.Create(_path, new ServerId(7), "k7Qm2wXp", Consistency.Causal);
        _state = StateFile.Open(_path, Access.Write);
    }

    public void Dispose()
    {
        _state.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public void It_says_whose_it_is()
    {
        Assert.Equal(new ServerId(7), _state.Server);
        Assert.Equal("k7Qm2wXp", _state.Instance);
        Assert.Equal(Consistency.Causal, _state.Consistency);
        Assert.Equal(0, _state.Folded);
    }

    [Fact]
    public void A_key_has_what_it_was_given_last()
    {
        Fold("write x lost", "write y there", "write x found");
        Fold("write y gone");

        Assert.Equal(["x|found|3@7", "y|gone|4@7"], Visible());
    }

    [Fact]
    public void A_key_whose_tombstone_is_needed_no_more_goes_and_one_that_came_again_stays()
    {
        Fold("write x 1", "write y 2");

        Fold("delete x", "delete y", Sweep, "write y again");

        Assert.Equal(["y|again|5@7"], Visible());
        Assert.Empty(Query("SELECT key FROM deleted"));
    }

    [Fact]
    public void A_tombstone_and_an_empty_value_are_not_the_same()
    {
        Fold("delete deleted", "write empty \"\"");

        Assert.Equal(["empty||2@7"], Visible());
        Assert.Equal(["deleted"], Query("SELECT key FROM deleted"));
    }

    [Fact]
    public void Many_keys_are_folded_in_several_transactions()
    {
        Fold([.. Enumerable.Range(1, 45_000).Reverse().Select(number => $"write key{number} v")]);
        Fold([.. Enumerable.Range(1, 45_000).Where(number => number % 9 != 0)
            .Select(number => $"delete key{number}"), Sweep]);

        Assert.Equal(5_000, Visible().Count);
    }

    [Fact]
    public void A_state_that_begins_anew_has_nothing_of_before()
    {
        Fold("write x 1");

        _state.Fold(Changes("write y 2") with { IsAnew = true }, row: 2);

        Assert.Equal(["y|2|2@7"], Visible());
    }

    [Fact]
    public void Facts_take_the_place_of_facts()
    {
        _state.Fold(Facts("clock 1\njoined\n"), row: 1);
        _state.Fold(Facts("clock 2\nmember 3 abc 127.0.0.1 60003\napplied 0-7@1\n"), row: 2);

        Assert.Equal(
            "clock 2\nmember 3 abc 127.0.0.1 60003\napplied 0-7@1\n",
            Encoding.UTF8.GetString(_state.Facts()));
        Assert.Equal(["3 abc 127.0.0.1 60003"], Query("SELECT member FROM members"));
        Assert.Equal(["0-7@1"], Query("SELECT ranges FROM applied"));
    }

    [Fact]
    public void How_far_it_got_is_kept_with_the_state()
    {
        _state.Fold(Facts("clock 1\n"), row: 42);

        using var again = StateFile.Open(_path, Access.Read);
        Assert.Equal(42, again.Folded);
    }

    private StateChanges Facts(string lines) => Changes() with { Facts = Encoding.UTF8.GetBytes(lines) };

    private void Fold(params string[] requests) => _state.Fold(Changes(requests), row: 1);

    /// <summary>What a replica says has changed after these requests.</summary>
    private StateChanges Changes(params string[] requests)
    {
        foreach (string request in requests)
        {
            _now += request == Sweep ? TimeSpan.FromSeconds(2) : TimeSpan.Zero;
            _replica.Advance(_now);

            if (request != Sweep)
            {
                _replica.Receive(_session, Encoding.UTF8.GetBytes(request));
            }

            _replica.Flush();
        }

        return _replica.TakeChanges();
    }

    private List<string> Visible() =>
        Query("SELECT key || '|' || value || '|' || version FROM visible ORDER BY key");

    private List<string> Query(string sql)
    {
        using Database database = new(_path, Access.Read);
        return database.Texts(sql);
    }
}
