using CausalStore.Client.Shell;
using CausalStore.Client.Tests.Kit;

namespace CausalStore.Client.Tests.Shell;

public sealed class TimelineCommandTests : IDisposable
{
    private readonly HistoryPath _path = new();
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _errors = new() { NewLine = "\n" };

    [Theory]
    [InlineData("", "<!DOCTYPE html>")]
    [InlineData("--svg", "<svg ")]
    [InlineData("--text", "           alice    server 1 bob")]
    [InlineData("--shiviz messages", "server 1 starts, causal\nserver-1 {\"server-1\":1}\n")]
    [InlineData("--shiviz applies", "server 1 starts, causal\nserver-1 {\"server-1\":1}\n")]
    public void A_folder_of_traces_is_drawn_in_every_form(string form, string begin)
    {
        Assert.Equal(0, Run($"{TraceScript.Folder("causal")} {form}"));

        Assert.StartsWith(begin, $"{_output}");
        Assert.Equal("", $"{_errors}");
    }

    [Fact]
    public void It_is_written_to_a_file_and_said()
    {
        Assert.Equal(0, Run($"{TraceScript.Folder("causal")} --title Ring --out {_path.File}"));

        Assert.Contains("<title>Ring</title>", File.ReadAllText(_path.File));
        Assert.Equal($"122 events are drawn in {_path.File}\n", $"{_errors}");
    }

    [Fact]
    public void Two_runs_stand_beside_each_other()
    {
        Assert.Equal(
            0, Run($"{TraceScript.Folder("causal")} --diff {TraceScript.Folder("eventual")} --svg"));

        Assert.Contains("Causal consistency", $"{_output}");
        Assert.Contains("Eventual consistency", $"{_output}");
    }

    [Theory]
    [InlineData("", 2, "Required argument 'TRACE' missing")]
    [InlineData("x --svg --text", 2, "Only one of --svg, --text and --shiviz at a time.")]
    [InlineData("x --shiviz both", 2, "both")]
    [InlineData("x --shiviz applies --diff y", 2, "ShiViz reads one run at a time: leave out --diff.")]
    [InlineData("nowhere.jsonl", 1, "Cannot be drawn: ")]
    public void What_cannot_be_done_is_said(string arguments, int exitCode, string reason)
    {
        Assert.Equal(exitCode, Run(arguments));

        Assert.Contains(reason, $"{_errors}");
        Assert.Equal("", $"{_output}");
    }

    [Fact]
    public void A_history_is_no_trace()
    {
        _path.Write("""{"session":"alice","ops":[["w","x","lost","1@1"]]}""");

        Assert.Equal(1, Run(_path.File));

        Assert.Contains("run.jsonl, line 1, is no line of a trace", $"{_errors}");
    }

    [Fact]
    public void It_says_how_it_is_used()
    {
        Assert.Equal(0, Run("--help"));

        Assert.Contains("--shiviz", $"{_output}");
    }

    [Fact]
    public void It_is_meant_only_where_it_comes_first()
    {
        Assert.True(TimelineCommand.IsMeant(["timeline", "x"]));
        Assert.False(TimelineCommand.IsMeant(["--port", "1", "timeline"]));
    }

    public void Dispose() => _path.Dispose();

    private int Run(string arguments) => new TimelineCommand(_output, _errors)
        .Run(["timeline", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
}
