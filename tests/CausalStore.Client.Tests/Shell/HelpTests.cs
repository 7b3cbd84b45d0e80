using CausalStore.Client.Shell;
using CausalStore.Terminal;

namespace CausalStore.Client.Tests.Shell;

public sealed class HelpTests : IDisposable
{
    private readonly StringWriter _output = new() { NewLine = "\n" };

    [Fact]
    public void Every_request_is_listed_in_lines_that_fit_a_terminal()
    {
        Help.Print(Screen());

        string[] words = _output.ToString().Split([' ', ',', '\n']);
        Assert.Superset(
            new HashSet<string>([
                "read", "write", "delete", "scan", "watch", "unwatch", "await", "expect", "final", "context",
                "pending", "why", "history", "conflicts", "status", "members", "link", "forget", "ping",
                "quit", "causality", "typing",
            ]),
            new HashSet<string>(words));
        Assert.InRange(Lines().Length, 0, 24);
        Assert.All(Lines(), line => Assert.InRange(line.Length, 0, 79));
    }

    [Fact]
    public void Each_subject_is_told_in_lines_that_fit_a_terminal() => Assert.All(Help.Names, name =>
    {
        _output.GetStringBuilder().Clear();
        Help.Print(Screen(), name);

        Assert.InRange(Lines().Length, 3, 24);
        Assert.All(Lines(), line => Assert.InRange(line.Length, 0, 80));
    });

    [Theory]
    [InlineData("write", "write from 40 write to 60 delete lock")]
    [InlineData("members", "status, members, ping: about")]
    [InlineData("causality", "z needs y")]
    [InlineData("typing", "('--history FILE' says where, '--no-history' keeps none).")]
    [InlineData("flying", "There is no help about that; there is about read, write,")]
    public void A_subject_is_explained(string subject, string told)
    {
        Help.Print(Screen(), subject);

        Assert.Contains(told, _output.ToString());
    }

    public void Dispose() => _output.Dispose();

    private Screen Screen() => new(_output, hasColour: false, () => 80);

    private string[] Lines() => _output.ToString().TrimEnd().Split('\n');
}
