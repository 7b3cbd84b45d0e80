using CausalStore.Client.Shell;
using CausalStore.Client.Tests.Kit;
using CausalStore.Protocol;

namespace CausalStore.Client.Tests.Shell;

public sealed class QuestionsTests : IDisposable
{
    private static readonly ClientArguments Nothing =
        new([], null, IsQuiet: false, IsEchoing: false, Record: null, Trace: null, History: null, []);

    private readonly StringWriter _output = new() { NewLine = "\n" };

    [Fact]
    public async Task The_port_and_the_name_are_asked_for()
    {
        var arguments = await AskAsync(Nothing, "60001", " alice ");

        Assert.Equal(new ServerAddress("127.0.0.1", 60001), Assert.Single(arguments.Servers));
        Assert.Equal("alice", arguments.Id);
        Assert.Equal("Server Port: Client ID: ", _output.ToString());
    }

    [Fact]
    public async Task What_is_no_port_is_asked_for_again()
    {
        var arguments = await AskAsync(Nothing, "x", "", "60001", "");

        Assert.Equal(60001, Assert.Single(arguments.Servers).Port);
        Assert.Null(arguments.Id);
        Assert.Contains("That is a number from 1 to 65535", _output.ToString());
    }

    [Fact]
    public async Task A_name_that_is_known_is_not_asked_for()
    {
        var arguments = await AskAsync(Nothing with { Id = "bob" }, "otherhost:60001");

        Assert.Equal("bob", arguments.Id);
        Assert.Equal("otherhost", Assert.Single(arguments.Servers).Host);
        Assert.Equal("Server Port: ", _output.ToString());
    }

    [Fact]
    public async Task Who_does_not_answer_has_no_server() =>
        Assert.Empty((await AskAsync(Nothing)).Servers);

    public void Dispose() => _output.Dispose();

    private Task<ClientArguments> AskAsync(ClientArguments arguments, params string[] answers)
    {
        Queue<string> left = new(answers);
        return Questions.AskAsync(
            arguments, _output, () => left.TryDequeue(out string? answer) ? answer : null, Eventually.Stop);
    }
}
