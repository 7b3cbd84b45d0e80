using System.Text;
using CausalStore.Protocol;
using CausalStore.Server.Storage;

namespace CausalStore.Server.Tests.Storage;

public sealed class RestoredFactsTests
{
    [Fact]
    public void A_new_cluster_begins_where_everybody_of_the_old_one_is_forgotten_and_settled()
    {
        string facts = From(
            """
            cluster oldname 127.0.0.1 60001
            joined
            member 3 abc 127.0.0.1 60003
            forgotten 4
            clock 12
            lost 3-5@4
            applied 0-7@1,0-2@3,9-11@3,0-3@4
            settled 4 0-3@4
            losses 1 5@4

            """);

        Assert.Equal(
            """
            cluster newname
            joined
            forgotten 1
            forgotten 3
            forgotten 4
            clock 12
            lost 3-5@4
            applied 0-7@1,0-2@3,9-11@3,0-3@4
            settled 1,3,4 0-7@1,0-2@3,9-11@3,0-3@4
            losses 1 5@4

            """,
            facts);
    }

    [Fact]
    public void What_was_delayed_is_lost() => Assert.Contains(
        "losses 2 9@1 10@2\n",
        From(
            "clock 12\napplied 0-7@1\n",
            new WriteVersion(9, new ServerId(1)), new WriteVersion(10, new ServerId(2))));

    [Fact]
    public void Somebody_of_whom_only_a_delayed_write_is_known_is_forgotten_too() => Assert.Contains(
        "forgotten 2\n", From("clock 12\napplied -\n", new WriteVersion(10, new ServerId(2))));

    private static string From(string facts, params WriteVersion[] delayed) => Encoding.UTF8.GetString(
        RestoredFacts.From(Encoding.UTF8.GetBytes(facts), new ServerId(1), "newname", delayed));
}
