using CausalStore.Protocol;
using static CausalStore.Client.Tests.Kit.Versions;

namespace CausalStore.Client.Tests;

public sealed class SessionStateTests
{
    private readonly SessionState _state = new("alice");

    [Fact]
    public void What_is_read_scanned_missed_and_pushed_counts_as_seen()
    {
        Take("read x y z", "value x lost 1@1", "missing y", "missing z 2@1");
        Take("scan a", "value a 1 3@1", "end 1");
        _state.TakePush(new Response.Update([], [], Version("4@1")));
        _state.TakePush(new Response.Removed([], Version("5@1")));

        Assert.Equal("1@1,2@1,3@1,4@1,5@1", _state.Seen.Current.ToString());
    }

    [Fact]
    public void Lines_for_people_show_nothing_whatever_they_look_like()
    {
        Take("why z", "value x lost 7@1", "missing y 8@1", "end 2");

        Assert.True(_state.Seen.Current.IsEmpty);
    }

    [Fact]
    public void A_write_is_all_that_counts_after_it()
    {
        Take("read x", "value x lost 1@1");
        Take("write y found", "ok 2@1");

        Assert.Equal("2@1", _state.Seen.Current.ToString());
    }

    [Fact]
    public void Contexts_are_set_and_told()
    {
        Take("context 7@1", "ok");
        Assert.Equal("7@1", _state.Seen.Current.ToString());

        Take("context", "context ..9@2");
        Assert.Equal("..9@2", _state.Seen.Current.ToString());
    }

    [Fact]
    public void What_was_refused_is_not_seen()
    {
        Take("context 7@1", "error not-yet later");
        Take("watch a", "error unavailable later");

        Assert.True(_state.Seen.Current.IsEmpty);
        Assert.Empty(_state.Watched);
    }

    [Fact]
    public void What_is_watched_is_known_each_prefix_once()
    {
        Take("watch a", "ok");
        Take("watch b", "ok");
        Take("watch a", "ok");
        Take("unwatch b", "ok");
        Take("unwatch never", "ok");

        Assert.Equal(["a"], _state.Watched);
    }

    [Fact]
    public void The_cluster_is_known_once_a_server_has_one()
    {
        Take("hello client alice", "welcome 1 -");
        Assert.Null(_state.Cluster);

        Take("hello client alice", "welcome 1 blue");
        Assert.Equal("blue", _state.Cluster);
    }

    private void Take(string request, params string[] lines) =>
        _state.TakeReply(Request(request), Reply(lines));
}
