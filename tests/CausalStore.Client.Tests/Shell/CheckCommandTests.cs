using System.Text;
using System.Xml.Linq;
using CausalStore.Client.Shell;
using CausalStore.Client.Tests.Kit;

namespace CausalStore.Client.Tests.Shell;

public sealed class CheckCommandTests : IDisposable
{
    private const string LostRing = """
        {"session":"alice","ops":[["w","x","lost","1@1"]]}
        {"session":"alice","ops":[["w","y","found","2@1"]]}
        {"session":"bob","ops":[["r","y","found","2@1"]]}
        {"session":"bob","ops":[["w","z","glad","3@2"]]}
        {"session":"carol","ops":[["r","z","glad","3@2"]]}

        """;

    private const string Anomaly = """
        {"session":"carol","ops":[["r","y",null,null]]}

        """;

    private readonly HistoryPath _path = new();
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _errors = new() { NewLine = "\n" };

    [Fact]
    public void A_history_that_holds_is_0()
    {
        Assert.Equal(0, Check(LostRing));

        Assert.StartsWith("Holds: nothing impossible was seen in 5 operations of 3 sessions.\n", Shown);
        Assert.Contains("2 values read, 2 of them written by another session.", Shown);
    }

    [Fact]
    public void One_that_is_violated_is_1_and_the_smallest_counter_example_is_told()
    {
        Assert.Equal(1, Check(LostRing + Anomaly));

        Assert.StartsWith("Violated: one impossible thing was seen in 6 operations of 3 sessions.", Shown);
        Assert.Contains(
            """
            1. carol#2 read y missing, although y = found was in its past.

                 alice#2 wrote y = found (2@1)
                 bob#1 read y = found (2@1)    (shows what alice#2 wrote)
                 bob#2 wrote z = glad (3@2)    (later in the same session as bob#1)
                 carol#1 read z = glad (3@2)    (shows what bob#2 wrote)
                 carol#2 read y missing    (later in the same session as carol#1)
                 So alice#2 comes before carol#2 in every order, and carol must be shown
            """.ReplaceLineEndings("\n"),
            Shown);
        Assert.Contains("Broken: causal consistency, causal convergence, writes follow reads.", Shown);
    }

    [Theory]
    [InlineData("", "nothing was recorded")]
    [InlineData("nonsense\n", "line 1: not JSON")]
    [InlineData(
        """
        {"session":"a","ops":[["w","x","1"]]}
        {"session":"b","ops":[["w","x","1"]]}
        {"session":"c","ops":[["r","x","1"]]}

        """,
        "x = 1 was written by a#1 and by b#1")]
    public void One_that_cannot_be_judged_is_2_with_the_reason(string history, string reason)
    {
        Assert.Equal(2, Check(history));

        Assert.StartsWith("Cannot be judged: ", Shown + _errors);
        Assert.Contains(reason, Shown + _errors);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("check", "--unknown", "x")]
    [InlineData("check", "not-there.jsonl")]
    [InlineData("check", "x", "--dot")]
    public void So_is_wrong_usage(params string[] arguments)
    {
        Assert.Equal(2, Run(arguments));
        Assert.NotEmpty(_errors.ToString());
        Assert.Empty(Shown);
    }

    [Fact]
    public void Several_files_are_one_run_and_their_sessions_are_their_own()
    {
        string other = Path.Combine(_path.Directory, "other.jsonl");
        File.WriteAllText(other, Anomaly);
        Assert.Equal(0, Check(LostRing, other));

        File.WriteAllText(other, """
            {"session":"carol","ops":[["r","z","glad","3@2"]]}
            {"session":"carol","ops":[["r","y",null,null]]}

            """);
        Assert.Equal(1, Check(LostRing, other));

        Assert.Contains($"carol in {other}#2 read y missing", Shown);
    }

    [Fact]
    public void Standard_input_is_called_a_dash()
    {
        using MemoryStream input = new(Encoding.UTF8.GetBytes(LostRing + Anomaly));

        Assert.Equal(1, new CheckCommand(input, _output, _errors).Run(["check", "-"]));
    }

    [Fact]
    public void A_last_line_that_a_crash_has_torn_is_left_out_and_that_is_said()
    {
        Assert.Equal(0, Check(LostRing + Anomaly[..20]));
        Assert.Contains("ends in the middle of a line", _errors.ToString());

        Assert.Equal(1, Check(LostRing + Anomaly.TrimEnd()));
        Assert.Equal(2, Check(Anomaly[..20] + "\n" + LostRing));
    }

    [Fact]
    public void Versions_are_trusted_only_on_request()
    {
        const string TieLost = """
            {"session":"a","ops":[["w","x","1","5@1"]]}
            {"session":"b","ops":[["w","x","2","5@2"]]}
            {"session":"c","ops":[["r","x","1","5@1"]],"final":true}

            """;
        const string Twice = """
            {"session":"a","ops":[["w","x","1","1@1"]]}
            {"session":"a","ops":[["w","x","1","2@1"]]}
            {"session":"c","ops":[["r","x","1","2@1"]]}

            """;

        Assert.Equal(0, Check(TieLost));
        Assert.Contains("Not judged: versions", Shown);
        Assert.Equal(1, Check(TieLost, "--trust-versions"));
        Assert.Contains("Broken: versions.", Shown);
        Assert.Equal(0, Check(Twice));
        Assert.Equal(2, Check(Twice, "--ignore-versions"));
    }

    [Fact]
    public void Losses_are_allowed_only_on_request()
    {
        const string Lost = """
            {"session":"a","ops":[["w","x","1"]]}
            {"session":"b","ops":[["r","x",null]],"final":true}

            """;

        Assert.Equal(1, Check(Lost));
        Assert.Equal(0, Check(Lost, "--allow-losses"));
    }

    [Fact]
    public void The_smallest_counter_example_is_drawn()
    {
        string dot = Path.Combine(_path.Directory, "cycle.dot");
        string svg = Path.Combine(_path.Directory, "cycle.svg");

        Assert.Equal(1, Check(LostRing + Anomaly, "--dot", dot, "--svg", svg));

        Assert.StartsWith("digraph violation {", File.ReadAllText(dot));
        Assert.Contains(
            "\"carol#2\" -> \"alice#2\" [label=\"shows the state before\"]", File.ReadAllText(dot));
        var picture = XDocument.Load(svg);
        Assert.Contains(picture.Descendants(), text => text.Value == "wrote y = found (2@1)");
        Assert.Contains("is drawn in", Shown);
    }

    [Theory]
    [InlineData(true, "check", "x")]
    [InlineData(true, "check")]
    [InlineData(false, "--port", "1", "check", "x")]
    [InlineData(false, "read", "check")]
    [InlineData(false)]
    public void It_is_meant_only_where_it_comes_first(bool isMeant, params string[] arguments) =>
        Assert.Equal(isMeant, CheckCommand.IsMeant(arguments));

    public void Dispose()
    {
        _path.Dispose();
        _output.Dispose();
        _errors.Dispose();
    }

    private string Shown => _output.ToString();

    private int Check(string history, params string[] more)
    {
        _path.Write(history);
        return Run(["check", _path.File, .. more]);
    }

    private int Run(string[] arguments)
    {
        using MemoryStream input = new();
        return new CheckCommand(input, _output, _errors).Run(arguments);
    }
}
