using CausalStore.Client.Shell;
using CausalStore.Terminal;
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

    [Theory]
    [InlineData("scan a", "value a 1 1@1|value ab \"two words\" 12@1|end 2",
        "KEY  VALUE        VERSION\na    1            1@1\nab   \"two words\"  12@1\n2 keys\n")]
    [InlineData("scan a", "end 0", "0 keys\n")]
    [InlineData("members", "member 1 k7Qm joined this server|end 1",
        "SERVER  ADDRESS      LINK    INSTANCE  STANDING\n     1  this server  joined  k7Qm\n")]
    [InlineData("pending", "delayed 3@2 1.2 2@1 write z glad|end 1",
        "WRITE  WAITS  NEEDS  OPERATIONS\n3@2    1.2 s  2@1    write z glad\n")]
    [InlineData("pending", "end 0", "nothing waits here\n")]
    [InlineData("status", "server 1|clock 7|end 2", "server  1\nclock   7\n")]
    [InlineData("why z", "3@2 waits since 2.1 s|end 1", "3@2 waits since 2.1 s\n")]
    [InlineData("scan a", "error syntax no", "")]
    public void What_has_many_lines_is_a_table(string request, string lines, string shown)
    {
        PeopleDisplay display = new(new Screen(_output, hasColour: false, () => 80), isQuiet: false);

        display.Reply(Request(request), Reply(lines.Split('|')));

        Assert.Equal(shown, _output.ToString());
    }

    [Fact]
    public void Headings_have_a_colour_of_their_own()
    {
        PeopleDisplay display = new(new Screen(_output, hasColour: true, () => 80), isQuiet: false);

        display.Reply(Request("scan a"), Reply("value a 1 1@1", "end 1"));
        display.Reply(Request("status"), Reply("server 1", "end 1"));

        Assert.Contains("\e[90mKEY  VALUE  VERSION\e[0m\na ", _output.ToString());
        Assert.EndsWith("\nserver  1\n", _output.ToString());
    }

    public void Dispose() => _output.Dispose();
}
