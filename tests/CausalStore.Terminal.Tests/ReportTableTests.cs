namespace CausalStore.Terminal.Tests;

public sealed class ReportTableTests
{
    [Fact]
    public void Members_stand_in_a_table()
    {
        var rows = ReportTable.Of(
            "members",
            [
                "member 1 k7Qm2wXp joined this server",
                "member 12 Zt4hVc91 127.0.0.1:60002 connected, waiting; heard 0.4 s ago; lacks 0-5@1",
                "member 3 Fd03bNaa 127.0.0.1:60003 not connected",
                "forgotten 4",
            ],
            100);

        Assert.Equal(
            [
                "SERVER  ADDRESS          LINK                INSTANCE  STANDING",
                "     1  this server      joined              k7Qm2wXp",
                "    12  127.0.0.1:60002  connected, waiting  Zt4hVc91  heard 0.4 s ago; lacks 0-5@1",
                "     3  127.0.0.1:60003  not connected       Fd03bNaa",
                "     4  -                forgotten           -",
            ],
            rows);
    }

    [Fact]
    public void What_waits_stands_in_a_table()
    {
        var rows = ReportTable.Of(
            "pending", ["delayed 3@2 1.204 2@1 write z \"very glad\" write q 1"], 46);

        Assert.Equal(
            ["WRITE    WAITS  NEEDS  OPERATIONS", "3@2    1.204 s  2@1    write z \"very glad\" ..."],
            rows);
    }

    [Fact]
    public void The_status_stands_in_two_columns_and_long_lines_are_broken()
    {
        var rows = ReportTable.Of(
            "status", ["server 1", "durability kept in memory only: they end with the process"], 40);

        Assert.Equal(
            [
                "server      1",
                "durability  kept in memory only: they",
                "            end with the process",
            ],
            rows);
    }

    [Theory]
    [InlineData("members", "something new")]
    [InlineData("pending", "delayed 3@2")]
    [InlineData("status", "alone")]
    [InlineData("why", "3@2 waits since 2.1 s")]
    public void What_looks_otherwise_is_no_table(string request, string line) =>
        Assert.Null(ReportTable.Of(request, [line], 80));

    [Fact]
    public void Nothing_is_no_table()
    {
        Assert.Null(ReportTable.Of("pending", [], 80));
        Assert.Null(ReportTable.Of("status", [], 80));
    }
}
