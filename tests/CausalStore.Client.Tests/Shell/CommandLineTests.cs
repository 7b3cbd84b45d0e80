using CausalStore.Client.Shell;
using CausalStore.Protocol;
using CausalStore.Terminal;

namespace CausalStore.Client.Tests.Shell;

public sealed class CommandLineTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    [Theory]
    [InlineData("read -5")]
    [InlineData("read --port")]
    [InlineData("write --port 7")]
    [InlineData("write --id=x @home")]
    [InlineData("write [x] --id")]
    [InlineData("read x --quiet")]
    [InlineData("read --help -h -? /? --version")]
    [InlineData("write -- --")]
    [InlineData("@home")]
    [InlineData("[x]")]
    [InlineData("[suggest] x")]
    [InlineData("- x")]
    public void What_follows_the_first_word_of_a_request_belongs_to_it(string request)
    {
        var arguments = Parse(["--port", "60001", "--id", "alice", .. request.Split(' ')]);

        Assert.NotNull(arguments);
        Assert.Equal(request.Split(' '), arguments.Request);
        Assert.Equal("alice", arguments.Id);
        Assert.Equal(new ServerAddress("127.0.0.1", 60001), Assert.Single(arguments.Servers));
    }

    [Fact]
    public void A_word_may_be_empty_or_have_spaces()
    {
        var arguments = Parse("--port", "1", "write", "", "hello world");

        Assert.Equal(["write", "", "hello world"], arguments!.Request);
    }

    [Theory]
    [InlineData("@home")]
    [InlineData("[x]")]
    [InlineData("-5")]
    [InlineData("alice in wonderland")]
    public void A_name_may_look_like_anything(string name) =>
        Assert.Equal(name, Parse("--port", "1", "--id", name)!.Id);

    [Fact]
    public void Several_servers_are_taken_in_their_order()
    {
        var arguments = Parse("--server", "a:1", "--server", "[::1]:2", "--quiet", "--echo");

        Assert.Equal(["a:1", "[::1]:2"], arguments!.Servers.Select(server => server.ToString()));
        Assert.True(arguments.IsQuiet);
        Assert.True(arguments.IsEchoing);
        Assert.Empty(arguments.Request);
    }

    [Fact]
    public void Typed_lines_are_kept_where_it_is_said_or_nowhere()
    {
        Assert.Equal(LineHistoryFile.DefaultPath("CausalStore"), Parse("--port", "1")!.History);
        Assert.Equal("typed", Parse("--port", "1", "--history", "typed")!.History);
        Assert.Null(Parse("--port", "1", "--no-history")!.History);
    }

    [Fact]
    public void Ports_may_be_repeated_and_written_together()
    {
        var arguments = Parse("--port=60001", "--port:60002", "--server", "60003", "ping");

        Assert.Equal([60001, 60002, 60003], arguments!.Servers.Select(server => server.Port));
        Assert.Equal(["ping"], arguments.Request);
    }

    [Theory]
    [InlineData("--port", "x")]
    [InlineData("--port", "0")]
    [InlineData("--port", "65536")]
    [InlineData("--port", "host:1")]
    [InlineData("--port")]
    [InlineData("--server", "host")]
    [InlineData("--server", "host:0")]
    [InlineData("--nothing-known", "y")]
    [InlineData("--quiet", "-x", "read")]
    public void Wrong_usage_is_said_and_told_apart(params string[] arguments)
    {
        Assert.Null(new CommandLine().Parse(arguments, _output, _errors, out int exitCode));

        Assert.Equal(2, exitCode);
        Assert.Contains("--help", _errors.ToString());
        Assert.Empty(_output.ToString());
    }

    [Fact]
    public void Help_shows_how_it_is_used()
    {
        Assert.Null(new CommandLine().Parse(["--help"], _output, _errors, out int exitCode));

        Assert.Equal(0, exitCode);
        Assert.Contains("--server", _output.ToString());
        Assert.Contains("read x", _output.ToString());
    }

    [Theory]
    [InlineData("alice", true)]
    [InlineData("", false)]
    public void A_name_is_not_empty(string id, bool isName) => Assert.Equal(isName, CommandLine.IsName(id));

    [Theory]
    [InlineData("60001", true)]
    [InlineData("somehost:60001", true)]
    [InlineData("0", false)]
    [InlineData("port", false)]
    [InlineData("", false)]
    public void A_server_is_a_port_or_a_host_with_one(string text, bool isServer) =>
        Assert.Equal(isServer, CommandLine.TryServer(text, out _));

    public void Dispose()
    {
        _output.Dispose();
        _errors.Dispose();
    }

    private ClientArguments? Parse(params string[] arguments) =>
        new CommandLine().Parse(arguments, _output, _errors, out _);
}
