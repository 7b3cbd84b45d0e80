using System.Text;
using CausalStore.Client.Shell;
using static CausalStore.Client.Tests.Kit.Versions;

namespace CausalStore.Client.Tests.Shell;

public sealed class RawDisplayTests : IDisposable
{
    private readonly MemoryStream _output = new();
    private readonly StringWriter _errors = new() { NewLine = "\n" };

    [Theory]
    [InlineData(false, "good to know\nwrong \\x1B[31m\n")]
    [InlineData(true, "wrong \\x1B[31m\n")]
    public void Only_the_servers_lines_are_on_standard_output(bool isQuiet, string errors)
    {
        RawDisplay display = new(_output, _errors, isQuiet, isEchoing: false);

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

    [Fact]
    public void Requests_are_echoed_before_their_replies_in_the_same_stream()
    {
        RawDisplay display = new(_output, _errors, isQuiet: true, isEchoing: true);

        display.Request("read x"u8.ToArray());
        display.Reply(Request("read x"), Reply("missing x"));
        display.Request("write x \u001b[31m"u8.ToArray());

        Assert.Equal(
            "> read x\nmissing x\n> write x \\x1B[31m\n", Encoding.UTF8.GetString(_output.ToArray()));
        Assert.Equal("", _errors.ToString());
    }

    public void Dispose()
    {
        _output.Dispose();
        _errors.Dispose();
    }
}
