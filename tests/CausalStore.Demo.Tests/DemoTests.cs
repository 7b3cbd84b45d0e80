using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace CausalStore.Demo.Tests;

/// <summary>demo.sh and demo.ps1 as a person runs them, on what this build has made.</summary>
public sealed class DemoTests
{
    public static TheoryData<string> Shells { get; } =
        OperatingSystem.IsWindows() ? ["powershell", "pwsh"] : ["bash", "pwsh"];

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task The_story_is_played_to_its_outcome(string shell)
    {
        await using var demo = DemoProcess.Start(shell);

        Assert.True(await demo.ExitCodeAsync() == 0, demo.Output);

        AssertInOrder(
            demo.Output,
            "== The lost ring, with causal consistency ==",
            @"alice@1  > write y found\n    alice@1  ok 2@1\n",
            @"bob@2  > write z glad\n    bob@2  ok 3@2\n",
            @"carol@3  value weather sunny 4@2\n",
            @"carol@3  missing y\n    carol@3  missing z\n",
            @"carol@3  > pending\n    carol@3  delayed 3@2 [0-9.]+ 2@1 write z glad\n",
            @"alice@1  > link 3 heal\n",
            @"carol@3  end 4\n",
            @"bob@2  end 4\n",
            @"alice@1  end 4\n",
            @"\n    update y found 2@1\n    update z glad 3@2\n",
            @"delaying z = glad \(3@2\): needs 2@1, not here yet\n",
            @"applied z = glad \(3@2\) after [0-9.]+ s: 2@1 arrived from server 1\n",
            "== The lost ring, with eventual consistency ==",
            @"carol@3  value z glad 3@2\n    carol@3  > read y\n    carol@3  missing y\n",
            @"\n    update z glad 3@2\n    update y found 2@1\n",
            $"The picture of both runs is in {Regex.Escape(demo.Timeline)}",
            "As expected: ");
        string page = await File.ReadAllTextAsync(demo.Timeline, TestContext.Current.CancellationToken);
        Assert.Contains("z = glad (3@2) waits for y = found (2@1)", page);
        Assert.Contains("\"name\":\"eventual\"", page);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_story_that_takes_another_course_than_is_written_fails(string shell)
    {
        using ChangedStories stories = new();
        stories.Swap(
            "causal/0-carol-watches.txt", "expect \"update y found\"", "expect \"update z glad\"");
        await using var demo = DemoProcess.Start(shell, ("stories", stories.Path));

        Assert.NotEqual(0, await demo.ExitCodeAsync());
        AssertInOrder(
            demo.Output,
            @"\(expect ""update y found""\): ""update y found"" was not shown since the last 'expect'\n",
            "Carol was not shown what the story says");
        Assert.DoesNotContain("As expected", demo.Output);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task An_interrupted_demo_leaves_nothing_running(string shell)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no signals by name on Windows");
        await using var demo = DemoProcess.Start(shell);
        await demo.SaysAsync("link from server 1 to server 3");
        Assert.All(demo.ServerPorts, port => Assert.True(IsListening(port), $"nobody at port {port}"));

        await demo.InterruptAsync();

        await demo.ExitCodeAsync();
        Assert.DoesNotContain("As expected", demo.Output);
        Assert.All(demo.ServerPorts, port => Assert.False(IsListening(port), $"somebody at port {port}"));
    }

    [Fact]
    public void The_PowerShell_script_can_be_read_by_Windows_PowerShell()
    {
        string script = File.ReadAllText(DemoProcess.Script("demo.ps1"));

        Assert.All(script, character => Assert.True(char.IsAscii(character), $"'{character}'"));
        Assert.DoesNotMatch(@"\?\?|&&|\|\||\?\.|\s\?\s", script);
    }

    private static void AssertInOrder(string text, params IEnumerable<string> patterns)
    {
        int position = 0;

        foreach (string pattern in patterns)
        {
            var match = new Regex(pattern).Match(text, position);
            Assert.True(match.Success, $"'{pattern}' is missing, or not in its place:\n{text}");

            // The line end of one pattern may begin the next.
            position = match.Index + match.Length - 1;
        }
    }

    private static bool IsListening(int port)
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);

        try
        {
            socket.Connect("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
