using System.Text;

namespace CausalStore.Client.Tests;

public sealed class ScriptTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("   ", false)]
    [InlineData("# a comment", false)]
    [InlineData("  # indented", false)]
    [InlineData("read x", true)]
    public void Comments_and_empty_lines_are_no_requests(string line, bool isRequest) =>
        Assert.Equal(isRequest, Script.IsRequest(Encoding.UTF8.GetBytes(line)));
}
