using CausalStore.Client.Shell;
using static CausalStore.Client.Tests.Kit.Versions;

namespace CausalStore.Client.Tests.Shell;

public sealed class ReportPhrasesTests
{
    [Theory]
    [InlineData("version 1@1 12.54 replaced 2@2 seen write x lost",
        "1@1 wrote x = lost, which came 12.5 s ago: 2@2 took its place, having seen it")]
    [InlineData("version 1@1 12 lost 2@2 unseen delete x",
        "1@1 deleted x, which came 12 s ago, too late to be shown: 2@2 was there already, "
        + "without having seen it: they were concurrent")]
    [InlineData("version 1@1 - replaced 2@1 in-order write x \"a b\"",
        "1@1 wrote x = \"a b\": 2@1 took its place, later at the same server")]
    [InlineData("version 1@1 - replaced 2@2 shown write x 1",
        "1@1 wrote x = 1: 2@2 took its place, where it was shown; "
        + "whether its writer had looked is not recorded")]
    [InlineData("version 1@1 - replaced 2@2 unknown write x 1",
        "1@1 wrote x = 1: 2@2 took its place, and whether it had seen it cannot be told any more")]
    [InlineData("version 2@2 3 current - - write x found",
        "2@2 wrote x = found, which came 3 s ago: that is what it holds now")]
    [InlineData("version 9@1 0.5 delayed - - write x late",
        "9@1 wrote x = late, and waits since 0.5 s: 'why 9@1' tells for what")]
    [InlineData("version 9@1 0.5 elsewhere - - write x late", "version 9@1 0.5 elsewhere - - write x late")]
    [InlineData("something new", "something new")]
    public void A_version_tells_its_fate(string line, string told) =>
        Assert.Equal([told], Phrases.Of(Request("history x"), Reply(line, "end 1")));

    [Theory]
    [InlineData("unseen 1 unknown 3",
        "once a write was overwritten by somebody who had not seen it, since this server started; "
        + "3 times that cannot be told")]
    [InlineData("conflict 9@1 5@2 3.21 \"a b\"", "\"a b\": 9@1 took the place of 5@2 unseen, 3.2 s ago")]
    [InlineData("conflict 9@1", "conflict 9@1")]
    public void A_conflict_tells_who_lost(string line, string told) =>
        Assert.Equal([told], Phrases.Of(Request("conflicts"), Reply(line, "end 1")));

    [Fact]
    public void Other_lines_stay_as_they_are() =>
        Assert.Equal(["version 1@1"], Phrases.Of(Request("status"), Reply("version 1@1", "end 1")));

    [Fact]
    public void Nothing_of_a_value_is_obeyed_by_a_terminal() =>
        Assert.DoesNotContain("\u001b", Phrases.Of(
            Request("history x"),
            Reply("version 1@1 3 current - - write x \"\\x1B[31m\"", "end 1")).Single());
}
