using CausalStore.Client.Shell;
using static CausalStore.Client.Tests.Kit.Versions;

namespace CausalStore.Client.Tests.Shell;

public sealed class PeopleDisplayTests : IDisposable
{
    private readonly StringWriter _output = new() { NewLine = "\n" };

    [Theory]
    [InlineData(false, "> read x\nx = lost (3@1)\ny is now found (4@1)\ngood to know\nwrong\n")]
    [InlineData(true, "> read x\nx = lost (3@1)\ny is now found (4@1)\nwrong\n")]
    public void Everything_is_a_sentence_on_the_terminal(bool isQuiet, string shown)
    {
        PeopleDisplay display = new(new Screen(_output, hasColour: false, () => 80), isQuiet);

        display.Request("read x"u8.ToArray());
        display.Reply(Request("read x"), Reply("value x lost 3@1"));
        display.Push(Line("update y found 4@1"));
        display.Note("good to know");
        display.Failure("wrong");

        Assert.Equal(shown, _output.ToString());
    }

    public void Dispose() => _output.Dispose();
}
