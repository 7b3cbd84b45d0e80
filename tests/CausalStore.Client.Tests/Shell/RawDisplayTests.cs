using System.Text;
using CausalStore.Client.Shell;
using static CausalStore.Client.Tests.Kit.Versions;

namespace CausalStore.Client.Tests.Shell;

public sealed class RawDisplayTests : IDisposable
{
    private readonly MemoryStream _output = new();
    private readonly StringWriter _errors = new() { NewLine = "\n" };

    [Theory]
    [InlineData(false, false, "good to know\nwrong \\x1B[31m\n")]
    [InlineData(true, false, "wrong \\x1B[31m\n")]
    [InlineData(true, true, "> read x\nwrong \\x1B[31m\n")]
    public void Only_the_servers_lines_are_on_standard_output(bool isQuiet, bool isEchoing, string errors)
    {
        RawDisplay display = new(_output, _errors, isQuiet, isEchoing);

        display.Request("read x"u8.ToArray());
        display.Reply(Request("read x y"), Reply("value x \"a b\" 3@1", "missing y"));
        display.Push(Line("update y found 4@1"));
        display.Note("good to know");
        display.Failure("wrong \u001b[31m");

        Assert.Equal(
            "value x \"a b\" 3@1\nmissing y\nupdate y found 4@1\n",
            Encoding.UTF8.GetString(_output.ToArray()));
        Assert.Equal(errors, _errors.ToString());
    }

    public void Dispose()
    {
        _output.Dispose();
        _errors.Dispose();
    }
}
