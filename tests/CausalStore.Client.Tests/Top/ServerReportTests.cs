using CausalStore.Client.Top;
using CausalStore.Protocol;
using static CausalStore.Client.Tests.Kit.Reports;
using static CausalStore.Client.Tests.Kit.Versions;

namespace CausalStore.Client.Tests.Top;

public sealed class ServerReportTests
{
    [Fact]
    public void It_is_made_of_three_answers()
    {
        var report = Report(
            1,
            "clock 57|applied ..5@1,..3@2,9@2|state serving|link.2 127.0.0.1:60002 for 8.4 s, dialled, cut"
                + "|link.3 127.0.0.1:60003 for 8.4 s, dialled"
                + "|link.4 127.0.0.1:60004 for 1 s, delayed by 60 ms",
            "member 2 J2 127.0.0.1:60002 connected; heard 0.4 s ago; lacks 0-5@1|"
            + "member 3 J3 [::1]:60003 not connected|forgotten 9",
            "delayed 3@2 1.204 2@1 write z \"very glad\"");

        Assert.Equal(Id(1), report.Id);
        Assert.Equal("serving", report["state"]);
        Assert.Equal("", report["bogus"]);
        Assert.Equal(57, report.Number("clock"));
        Assert.Null(report.Number("state"));
        Assert.Equal([5, 3, 0], new[] { 1, 2, 3 }.Select(origin => report.Watermark(Id(origin))));
        Assert.Equal(
            [
                new MemberLine(Id(1), null, "this server"),
                new MemberLine(Id(2), new ServerAddress("127.0.0.1", 60002), "connected"),
                new MemberLine(Id(3), new ServerAddress("::1", 60003), "not connected"),
            ],
            report.Members);
        Assert.Equal([new DelayedLine("3@2", "1.204", "2@1", "write z \"very glad\"")], report.Pending);
        Assert.Equal([(Id(2), "cut"), (Id(4), "delayed by 60 ms")],
            report.Faults.Select(fault => (fault.Key, fault.Value)));
    }

    [Fact]
    public void A_member_that_does_not_listen_has_no_address() =>
        Assert.Null(Report(1, members: "member 2 J2 127.0.0.1:0 connected").Members[1].Address);

    [Theory]
    [InlineData("something else", "end 1")]
    [InlineData("server x", "end 1")]
    [InlineData("error unknown-command 'status' is no command")]
    public void Who_does_not_say_who_it_is_is_no_server_of_ours(params string[] status) =>
        Assert.Null(ServerReport.Of(Reply(status), Reply("end 0")));

    [Fact]
    public void What_a_server_says_does_nothing_to_a_terminal() =>
        Assert.Equal(@"\x1B[2J", Report(1, "waiting \e[2J")["waiting"]);
}
