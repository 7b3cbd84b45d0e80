namespace CausalStore.Client.Tests;

public sealed class ClientOptionsTests
{
    [Theory]
    [InlineData("read -5")]
    [InlineData("write --port @home")]
    [InlineData("write [x] --id")]
    [InlineData("read x --quiet")]
    public void What_follows_the_first_word_of_a_request_belongs_to_it(string request)
    {
        var (options, _) = ClientOptions.Read(["--port", "60001", "--id", "alice", .. request.Split(' ')]);

        Assert.NotNull(options);
        Assert.Equal(request.Split(' '), options.Request);
        Assert.Equal("alice", options.Id);
        Assert.Equal("127.0.0.1:60001", Assert.Single(options.Servers).ToString());
    }

    [Fact]
    public void Several_servers_are_taken_in_their_order()
    {
        var (options, _) = ClientOptions.Read(["--server", "a:1", "--server", "b:2", "--quiet"]);

        Assert.NotNull(options);
        Assert.Equal(["a:1", "b:2"], options.Servers.Select(server => server.ToString()));
        Assert.True(options.Quiet);
    }

    [Theory]
    [InlineData("--port", "x")]
    [InlineData("--nothing-known", "y")]
    [InlineData("--server", "host")]
    public void Wrong_usage_is_told_apart(params string[] arguments)
    {
        var (options, exitCode) = ClientOptions.Read(arguments);

        Assert.Null(options);
        Assert.Equal(2, exitCode);
    }
}
