using CausalStore.Client.Shell;

namespace CausalStore.Client.Tests.Shell;

public sealed class HelpTests
{
    [Fact]
    public void Every_request_is_listed_in_lines_that_fit_a_terminal()
    {
        StringWriter output = new();

        Help.Print(new Screen(output, hasColour: false, () => 80));

        string[] words = output.ToString().Split([' ', ',', '\r', '\n']);
        Assert.Superset(
            new HashSet<string>([
                "read", "write", "delete", "scan", "watch", "unwatch", "await", "context", "pending", "why",
                "history", "conflicts",
                "status", "members", "link", "forget", "ping", "quit",
            ]),
            new HashSet<string>(words));
        Assert.All(output.ToString().ReplaceLineEndings("\n").Split('\n'), line =>
            Assert.InRange(line.Length, 0, 100));
    }
}
