using CausalStore.Protocol;

namespace CausalStore.Server.Tests;

public sealed class CommandLineTests
{
    private readonly List<string> _asked = [];
    private string _error = "";

    [Fact]
    public void Port_and_id_are_enough()
    {
        var options = Options("--port 60001 --id 1");

        Assert.Equal(60001, options.Port);
        Assert.Equal(new ServerId(1), options.Id);
        Assert.Empty(options.Peers);
        Assert.Equal("127.0.0.1", options.Bind);
        Assert.Null(options.Advertise);
        Assert.Equal(1 << 20, options.LineBytesMax);
        Assert.Equal(TimeSpan.FromSeconds(5), options.ContextWait);
        Assert.Equal(TimeSpan.FromSeconds(5), options.RelayAfter);
        Assert.Equal(Consistency.Causal, options.Consistency);
        Assert.False(options.AllowFaults);
        Assert.False(options.Found);
        Assert.Equal(256 << 20, options.RetainBytes);
        Assert.Equal(Verbosity.Warnings, options.Verbosity);
    }

    [Fact]
    public void Everything_can_be_said()
    {
        var options = Options(
            "--port 0 --id 65535 --peers 60002 otherhost:60003 [::1]:60004 --bind 0.0.0.0"
            + " --advertise store1.example.org:60001 --in-memory --max-line 33554432 --context-wait 0.5"
            + " --allow-faults --consistency eventual --relay-after 0 --new --narrate --retain 1000000");

        Assert.Equal(0, options.Port);
        Assert.Equal(new ServerId(65535), options.Id);
        Assert.Equal(
            [new ServerAddress("127.0.0.1", 60002), new("otherhost", 60003), new("::1", 60004)],
            options.Peers);
        Assert.Equal("0.0.0.0", options.Bind);
        Assert.Equal(new ServerAddress("store1.example.org", 60001), options.Advertise);
        Assert.Equal(32 << 20, options.LineBytesMax);
        Assert.Equal(TimeSpan.FromSeconds(0.5), options.ContextWait);
        Assert.Equal(TimeSpan.Zero, options.RelayAfter);
        Assert.Equal(Consistency.Eventual, options.Consistency);
        Assert.True(options.AllowFaults);
        Assert.True(options.Found);
        Assert.Equal(1_000_000, options.RetainBytes);
        Assert.Equal(Verbosity.Narrate, options.Verbosity);
    }

    [Theory]
    [InlineData("", "Terminal")]
    [InlineData("--commands", "StandardInput")]
    [InlineData("--no-commands", "Nobody")]
    public void Commands_come_from_a_terminal_if_not_said(string option, string from) =>
        Assert.Equal(from, $"{Options($"--port 1 --id 1 {option}").Commands}");

    [Fact]
    public void Peers_may_be_named_one_by_one() =>
        Assert.Equal(2, Options("--port 1 --id 1 --peers 60002 --peers 60003 --data there").Peers.Count);

    [Theory]
    [InlineData("--port 60001 --id 1", true, Verbosity.Narrate)]
    [InlineData("--port 60001 --id 1", false, Verbosity.Warnings)]
    [InlineData("--port 60001 --id 1 --quiet", true, Verbosity.Quiet)]
    [InlineData("--port 60001 --id 1 --narrate", false, Verbosity.Narrate)]
    public void It_narrates_in_a_terminal_unless_told_otherwise(
        string line, bool isTerminal, object verbosity) =>
        Assert.Equal(verbosity, Options(line, isTerminal).Verbosity);

    [Theory]
    [InlineData("", "--port and --id are needed")]
    [InlineData("--port 60001", "--port and --id are needed")]
    [InlineData("--id 1", "--port and --id are needed")]
    [InlineData("--port 65536 --id 1", "--port is a port from 0 to 65535")]
    [InlineData("--port -1 --id 1", "--port is a port from 0 to 65535")]
    [InlineData("--port 60001 --id 0", "--id is a number from 1 to 65535")]
    [InlineData("--port 60001 --id 65536", "--id is a number from 1 to 65535")]
    [InlineData("--port 60001 --id alice", "'alice' is not")]
    [InlineData("--port 60001 --id", "--id")]
    [InlineData("--port 60001 --id 1 --peers", "--peers")]
    [InlineData("--port 60001 --id 1 --peers 0", "--peers is PORT or HOST:PORT")]
    [InlineData("--port 60001 --id 1 --peers host:", "--peers is PORT or HOST:PORT")]
    [InlineData("--port 60001 --id 1 --advertise 60001", "--advertise is HOST:PORT")]
    [InlineData("--port 60001 --id 1 --max-line 0", "--max-line is a number of bytes")]
    [InlineData("--port 60001 --id 1 --max-line 33554433", "--max-line is a number of bytes")]
    [InlineData("--port 60001 --id 1 --context-wait -1", "--context-wait is a number of seconds")]
    [InlineData("--port 60001 --id 1 --context-wait NaN", "--context-wait is a number of seconds")]
    [InlineData("--port 60001 --id 1 --relay-after soon", "--relay-after is a number of seconds")]
    [InlineData("--port 60001 --id 1 --consistency strong", "--consistency is causal or eventual")]
    [InlineData("--port 60001 --id 1 --retain -5", "--retain is a number of bytes")]
    [InlineData("--port 60001 --id 1 --narrate --quiet", "--narrate and --quiet contradict each other")]
    [InlineData("--port 1 --id 1 --commands --no-commands", "--commands and --no-commands contradict each")]
    [InlineData("--port 60001 --id 1 --data d --in-memory", "--data and --in-memory contradict each other")]
    [InlineData("--port 60001 --id 1 --colour", "--colour")]
    [InlineData("--port 60001 --id 1 hello", "hello")]
    [InlineData("--port 60001 --id 1 @hello", "@hello")]
    public void Wrong_usage_is_explained_and_exits_with_2(string line, string advice)
    {
        var (options, exitCode) = Read(line, ask: null);

        Assert.Null(options);
        Assert.Equal(2, exitCode);
        Assert.Contains(advice, _error);
        Assert.Contains("'--help' lists all options.", _error);
    }

    [Fact]
    public void In_a_terminal_it_asks_for_everything()
    {
        var (options, _) = Read("", Answers("60001", "1", "60002 60003"));

        Assert.Equal(["Server port: ", "Server ID: ", "Enter other servers' ports: "], _asked);
        Assert.Equal(60001, options!.Port);
        Assert.Equal(new ServerId(1), options.Id);
        Assert.Equal([60002, 60003], options.Peers.Select(peer => peer.Port));
    }

    [Fact]
    public void It_asks_only_for_what_was_not_said()
    {
        var (options, _) = Read("--port 60001 --peers 60002", Answers("3"));

        Assert.Equal(["Server ID: "], _asked);
        Assert.Equal(new ServerId(3), options!.Id);
    }

    [Fact]
    public void It_asks_again_with_advice_and_takes_no_peers_for_an_answer()
    {
        var (options, _) = Read("--id 3", Answers("many", "60001", "nobody", ""));

        Assert.Equal(4, _asked.Count);
        Assert.StartsWith("That is a port from 0 to 65535", _asked[1]);
        Assert.EndsWith("Server port: ", _asked[1]);
        Assert.StartsWith("That is PORT or HOST:PORT", _asked[3]);
        Assert.Empty(options!.Peers);
    }

    [Fact]
    public void The_end_of_the_answers_is_wrong_usage()
    {
        var (options, exitCode) = Read("", Answers("60001"));

        Assert.Null(options);
        Assert.Equal(2, exitCode);
    }

    private ServerOptions Options(string line, bool isTerminal = false)
    {
        var (options, _) = Read(line, ask: null, isTerminal);
        return options ?? throw new InvalidOperationException(_error);
    }

    private (ServerOptions? Options, int ExitCode) Read(
        string line, Func<string, string?>? ask, bool isTerminal = false)
    {
        using StringWriter error = new();
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var result = CommandLine.Read(words, ask, isTerminal, TextWriter.Null, error);
        _error = error.ToString();
        return result;
    }

    private Func<string, string?> Answers(params string[] answers)
    {
        Queue<string> waiting = new(answers);

        return question =>
        {
            _asked.Add(question);
            return waiting.TryDequeue(out string? answer) ? answer : null;
        };
    }
}
