using CausalStore.Client.Top;
using static CausalStore.Client.Tests.Kit.Reports;

namespace CausalStore.Client.Tests.Top;

public sealed class RatesTests
{
    private const string Counts = "requests 10|writes 0|received 0|sent 0";
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(2);

    [Fact]
    public void They_are_what_has_grown_in_a_second_without_what_we_asked()
    {
        var first = Report(1, "requests 10|writes 4|received 100|sent 8");
        var second = Report(1, "requests 33|writes 14|received 101|sent 28");

        Assert.Equal(new Rates(10, 5, 0.5, 10), Rates.Between(first, second, Apart, asked: 3));
        Assert.Equal(0, Rates.Between(first, second, Apart, asked: 50)!.Value.Requests);
    }

    [Theory]
    [InlineData("requests 3|writes 0|received 0|sent 0")]
    [InlineData("requests 30|writes 0|received 0")]
    [InlineData("")]
    public void There_are_none_where_a_server_began_anew_or_does_not_count(string status) => Assert.Null(
        Rates.Between(Report(1, Counts), Report(1, status), Apart, asked: 0));

    [Fact]
    public void Nor_in_no_time()
    {
        var report = Report(1, Counts);

        Assert.Null(Rates.Between(report, report, TimeSpan.Zero, asked: 0));
        Assert.Null(Rates.Between(report, Report(2, Counts), Apart, asked: 0));
    }
}
