using System.Diagnostics;
using CausalStore.Replication.Tests.Kit.Exhaustive;

namespace CausalStore.Replication.Tests;

/// <summary>
/// Small scope, exhaustive: three real replicas, and all that can happen to them within bounds, in every
/// order: who writes what and has seen what, when each line of each connection arrives, one kind of trouble.
/// </summary>
public sealed class ExhaustiveTests(ITestOutputHelper output)
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("CAUSALSTORE_LONG") is not null;

    [Fact]
    public void Two_writes_of_every_kind_of_which_one_arrives_twice() => Explore(new Scope
    {
        Writes = 2,
        Operations = ["write x", "write y", "delete x", "write x, write y"],
        Repeats = Long ? 2 : 1,
    });

    [Fact]
    public void Two_writes_while_a_server_dials_again() => Explore(new Scope
    {
        Writes = 2,
        Writers = [Writer.Reader],
        Redials = 1,
    });

    [Fact]
    public void Two_writes_and_deletes_while_time_passes() => Explore(new Scope
    {
        Writes = 2,
        Writers = [Writer.Newcomer, Writer.Watcher],
        Operations = ["write x", "delete x"],
        Passes = Long ? 2 : 1,
    });

    [Fact]
    public void Two_writes_of_clients_that_move() => Explore(new Scope
    {
        Writes = Long ? 3 : 2,
        Writers = [Writer.Watcher, Writer.Mover],
        Moves = 1,
    });

    [Fact]
    public void Three_writes() => Explore(new Scope { Writes = 3 });

    [Fact]
    public void Two_writes_at_each_server() => Explore(new Scope
    {
        Writes = 6,
        WritesEach = 2,
        Writers = [Writer.Reader],
        Operations = ["write x"],
    });

    [Fact]
    public void Two_writes_while_a_server_is_killed_and_comes_back() => Explore(new Scope
    {
        Writes = 2,
        Writers = [Writer.Reader],
        Operations = ["write x"],
        Restarts = 1,
    });

    [Fact]
    public void Three_writes_while_a_server_is_killed_and_comes_back()
    {
        Assert.SkipUnless(Long, "minutes: set CAUSALSTORE_LONG=1");
        Explore(new Scope
        {
            Writes = 3,
            Writers = [Writer.Reader],
            Operations = ["write x"],
            Restarts = 1,
            Restarting = [1],
        });
    }

    private void Explore(Scope scope)
    {
        var clock = Stopwatch.StartNew();
        var explored = Exploration.Of(scope);
        output.WriteLine($"{explored}, {clock.Elapsed.TotalSeconds:0.0} s");
        Assert.True(explored.Delays > 0, "nothing was ever delayed: this proves nothing");
    }
}
