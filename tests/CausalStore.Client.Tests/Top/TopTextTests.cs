using CausalStore.Client.Top;
using CausalStore.Protocol;
using static CausalStore.Client.Tests.Kit.Reports;

namespace CausalStore.Client.Tests.Top;

public sealed class TopTextTests
{
    private static readonly ServerAddress Address = new("127.0.0.1", 60001);

    private static readonly ServerView Busy = Up(
        Report(
            1,
            "cluster blue|state serving|consistency causal|keys 12345678|delayed 0|uptime 99.94",
            "member 2 J2 127.0.0.1:60002 connected|member 3 J3 127.0.0.1:60003 not connected"),
        new Rates(123456, 1.25, 0, 9.99));

    private static readonly ServerView Delaying = Up(
        Report(
            2,
            "cluster blue|state serving|consistency causal|keys 2|delayed 1|uptime 7300"
                + "|link.1 a:1 for 1 s, cut",
            "member 1 J1 127.0.0.1:60001 connected",
            "delayed 3@2 1.204 2@1 write z glad"));

    private static readonly ServerView Down =
        new(Id(3), Address, null, null, "nothing listens there", TimeSpan.FromMinutes(2));

    [Fact]
    public void The_whole_cluster_is_on_one_page()
    {
        Lag lag = new(Id(2), Id(1), 1, 2, TimeSpan.FromSeconds(12.5));

        Assert.Equal(
            [
                "cluster blue, 3 servers, 1 down  17:03:22",
                "ID  ADDRESS          STATE    KEYS  REQ/S  WAITS      UP  WRITE/S  IN/S  OUT/S",
                " 1  127.0.0.1:60001  serving   12M   123k      0  99.9 s      1.3     0     10",
                " 2  127.0.0.1:60001  serving     2      -      1     2 h        -     -      -",
                " 3  127.0.0.1:60001  down        -      -      -       -        -     -      -",
                "server 3 is down for 2 m: nothing listens there",
                "",
                "LINKS",
                "1 to 2, 3 not connected",
                "2 to 1 cut",
                "",
                "SERVER  LACKS OF  HAS TO  NEWEST     FOR",
                "     2  server 1       1       2  12.5 s",
                "",
                "AT  WRITE    WAITS  NEEDS  OPERATIONS",
                " 2  3@2    1.204 s  2@1    write z glad",
            ],
            Texts(new ClusterView([Busy, Delaying, Down], [lag]), 80));
    }

    [Fact]
    public void What_is_wrong_has_a_colour()
    {
        var rows = TopText.Rows(new ClusterView([Busy, Delaying, Down], []), "", 80);

        Assert.Equal(ConsoleColor.Red, rows.Single(row => row.Text.StartsWith(" 3")).Colour);
        Assert.Equal(ConsoleColor.Yellow, rows.Single(row => row.Text == "2 to 1 cut").Colour);
        Assert.Null(rows.Single(row => row.Text.StartsWith(" 1")).Colour);
    }

    [Fact]
    public void Where_all_is_well_that_is_said()
    {
        string[] rows = Texts(new ClusterView([Up(Report(1, "cluster blue|delayed 0"))], []), 80);

        Assert.StartsWith("cluster blue, 1 server ", rows[0]);
        Assert.Equal("Nobody who answers lacks anything, and nothing waits.", rows[^1]);
        Assert.DoesNotContain("LINKS", rows);
    }

    [Theory]
    [InlineData("delayed 100000")]
    [InlineData("waiting server 1 does not serve yet")]
    public void Where_it_is_not_well_that_is_not_said(string status)
    {
        string[] rows = Texts(new ClusterView([Up(Report(1, status))], []), 80);

        Assert.Equal(
            status.StartsWith("waiting"),
            rows.Contains("server 1 does not serve yet") && rows[^1].StartsWith("Nobody"));
    }

    [Fact]
    public void Two_clusters_are_named_and_nobody_is_nobody()
    {
        ClusterView two = new([Up(Report(1, "cluster blue")), Up(Report(2, "cluster red"))], []);
        Assert.StartsWith("2 clusters: blue, red, 2 servers", Texts(two, 80)[0]);

        ClusterView nobody = new([Down with { Id = null }], []);
        string[] rows = Texts(nobody, 80);
        Assert.StartsWith("no cluster, 1 server, 1 down", rows[0]);
        Assert.Equal("127.0.0.1:60001 is down for 2 m: nothing listens there", rows[^1]);
    }

    [Fact]
    public void What_the_server_says_of_itself_is_shown()
    {
        ClusterView view = new(
            [Up(Report(1, "consistency eventual|catching-up 41%|settlement waits for the word of 2"))], []);

        string[] rows = Texts(view, 80);

        Assert.Contains("eventual", rows[2]);
        Assert.Contains("server 1 catching-up: 41%", rows);
        Assert.Contains("server 1 settlement: waits for the word of 2", rows);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(80)]
    public void No_row_is_wider_than_the_terminal(int columns)
    {
        Lag lag = new(Id(2), Id(1), 1, 2, TimeSpan.FromSeconds(12.5));

        Assert.All(
            Texts(new ClusterView([Busy, Delaying, Down], [lag]), columns),
            row => Assert.InRange(row.Length, 0, columns));
    }

    [Theory]
    [InlineData(0.04, "0 s")]
    [InlineData(59.96, "60 s")]
    [InlineData(120, "2 m")]
    [InlineData(36_000, "10 h")]
    [InlineData(864_000, "10 d")]
    public void A_time_is_short(double seconds, string text) =>
        Assert.Equal(text, TopText.Span(TimeSpan.FromSeconds(seconds)));

    private static ServerView Up(ServerReport report, Rates? rates = null) =>
        new(report.Id, Address, report, rates, "", TimeSpan.Zero);

    private static string[] Texts(ClusterView view, int columns) =>
        [.. TopText.Rows(view, "17:03:22", columns).Select(row => row.Text)];

}
