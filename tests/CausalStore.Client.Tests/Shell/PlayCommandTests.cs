using CausalStore.Client.Shell;
using CausalStore.Client.Tests.Kit;
using CausalStore.Scenarios;

namespace CausalStore.Client.Tests.Shell;

public sealed class PlayCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("play-");
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _errors = new() { NewLine = "\n" };

    [Fact]
    public async Task A_story_that_goes_as_expected_ends_with_0()
    {
        Assert.Equal(0, await RunAsync("lost-ring"));

        Assert.StartsWith("The lost ring\n    servers 1 to 3 are one cluster\n", $"{_output}");
        Assert.EndsWith("\nAs expected: 6 of 6.\n", $"{_output}");
        Assert.Equal("", $"{_errors}");
    }

    [Theory]
    [InlineData]
    [InlineData("--real", "--speed", "20")]
    public async Task A_story_that_does_not_ends_with_1(params string[] options)
    {
        string file = Write("servers 1\nat alice@1 read x\nexpect read at alice: x = lost\n");

        Assert.Equal(1, await RunAsync([file, .. options]));

        Assert.EndsWith("\nNOT AS EXPECTED: see line 3.\n", $"{_output}");
    }

    [Fact]
    public async Task A_malformed_file_ends_with_2_and_is_named()
    {
        string file = Write("servers 1\ndance\n");

        Assert.Equal(2, await RunAsync(file));

        Assert.StartsWith($"{file}, line 2: 'dance' is no step", $"{_errors}");
        Assert.Equal("", $"{_output}");
    }

    [Theory]
    [InlineData("", "Which scenario?")]
    [InlineData("no-such", "There is no file 'no-such', and no scenario of that name")]
    [InlineData("lost-ring --speed 0", "The speed is a number from 0.1 to 100.")]
    [InlineData("lost-ring --speed fast", "Cannot parse argument 'fast'")]
    [InlineData("lost-ring --fast", "Unrecognized command or argument '--fast'.")]
    public async Task Wrong_usage_ends_with_2_and_is_said(string arguments, string wrong)
    {
        Assert.Equal(2, await RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

        Assert.StartsWith(wrong, $"{_errors}");
    }

    [Fact]
    public async Task A_server_that_is_nowhere_is_said()
    {
        string nowhere = Path.Combine(_folder.FullName, "x.dll");

        Assert.Equal(1, await RunAsync("lost-ring", "--real", "--program", nowhere));

        Assert.StartsWith("The story cannot go on: a server does not start", $"{_errors}");
    }

    [Fact]
    public async Task Those_that_come_along_are_listed_and_shown()
    {
        Assert.Equal(0, await RunAsync("--list"));
        Assert.Equal(0, await RunAsync("lost-ring", "--show"));

        Assert.StartsWith("lost-ring          The lost ring\neventual  ", $"{_output}");
        Assert.EndsWith(ShippedScenarios.TextOf("lost-ring")!, $"{_output}");
    }

    [Fact]
    public async Task Help_is_shown()
    {
        Assert.Equal(0, await RunAsync("--help"));

        Assert.Contains("--real", $"{_output}");
    }

    [Fact]
    public async Task The_run_is_drawn_in_every_form()
    {
        string page = Path.Combine(_folder.FullName, "run.html");
        string picture = Path.Combine(_folder.FullName, "run.svg");

        Assert.Equal(0, await RunAsync("lost-ring", "--out", page, "--svg", picture, "--text"));

        Assert.Contains("<title>The lost ring</title>", File.ReadAllText(page));
        Assert.Contains(" s for 2@1</text>", File.ReadAllText(picture));
        Assert.Contains("server 3 holds back z = glad (3@2) from server 2: 2@1 is not here", $"{_output}");
        Assert.Equal($"The picture is in {picture}\nThe picture is in {page}\n", $"{_errors}");
    }

    public void Dispose()
    {
        _output.Dispose();
        _errors.Dispose();
        _folder.Delete(recursive: true);
    }

    private Task<int> RunAsync(params string[] arguments)
    {
        string[] program = arguments.Contains("--real") && !arguments.Contains("--program")
            ? ["--program", Binaries.Server]
            : [];
        return new PlayCommand(_output, _errors).RunAsync(
            ["play", .. arguments, .. program], TestContext.Current.CancellationToken);
    }

    private string Write(string text)
    {
        string file = Path.Combine(_folder.FullName, "story.scenario");
        File.WriteAllText(file, text);
        return file;
    }
}
