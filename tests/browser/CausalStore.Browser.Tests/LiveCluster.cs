using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace CausalStore.Browser.Tests;

/// <summary>Three servers that allow faults, and the page that shows them while they run.</summary>
public sealed partial class LiveCluster : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("live-");
    private readonly List<Process> _processes = [];
    private readonly List<int> _ports = [];

    public Uri Page { get; private set; } = new("about:blank");

    public static async Task<LiveCluster> StartAsync(bool allowFaults = true)
    {
        LiveCluster cluster = new();

        for (int id = 1; id <= 3; id++)
        {
            var (server, line) = await cluster.StartServerAsync(id, port: 0, allowFaults);
            cluster._processes.Add(server);
            cluster._ports.Add(int.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture));
        }

        string[] watch = ["watch-ui", "--port", "0", "--server", $"{cluster._ports[0]}"];
        var (page, address) = await StartAsync("CausalStore.Client", watch);
        cluster._processes.Add(page);
        cluster.Page = new Uri(Address().Match(address).Value);
        return cluster;
    }

    /// <summary>A session at a server.</summary>
    public async Task<LiveClient> ConnectAsync(int server, string name)
    {
        LiveClient client = await LiveClient.ConnectAsync(_ports[server - 1]);
        await client.AskAsync($"hello client {name}");
        return client;
    }

    public async Task EndServerAsync(int server)
    {
        _processes[server - 1].Kill();
        await _processes[server - 1].WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>One that has ended, with its data and at its port.</summary>
    public async Task StartAgainAsync(int server)
    {
        _processes[server - 1].Dispose();
        (_processes[server - 1], _) = await StartServerAsync(server, _ports[server - 1], allowFaults: true);
    }

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        _data.Delete(recursive: true);
    }

    private Task<(Process Server, string FirstLine)> StartServerAsync(int id, int port, bool allowFaults)
    {
        string[] peers = [.. _ports.Where(other => other != port)
            .SelectMany(other => new[] { "--peers", $"{other}" })];
        string data = Path.Combine(_data.FullName, $"{id}");
        return StartAsync(
            "CausalStore.Server",
            [
                "--port", $"{port}", "--id", $"{id}", .. peers, "--data", data, "--quiet",
                .. allowFaults ? ["--allow-faults"] : Array.Empty<string>(),
            ]);
    }

    private static async Task<(Process Process, string FirstLine)> StartAsync(
        string project, string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Pages.ProgramOf(project), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        var process = Process.Start(start)!;
        return (process, await process.StandardOutput.ReadLineAsync().WaitAsync(Patience)
            ?? throw new InvalidOperationException($"{project} has ended"));
    }

    [GeneratedRegex(@"http://\S+")]
    private static partial Regex Address();
}

/// <summary>A session as nc makes it.</summary>
public sealed class LiveClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpClient _tcp = new();

    private LiveClient()
    {
    }

    public static async Task<LiveClient> ConnectAsync(int port)
    {
        LiveClient client = new();
        await client._tcp.ConnectAsync("127.0.0.1", port);
        return client;
    }

    /// <summary>Sends a line and reads one; again where the server does not serve yet.</summary>
    public async Task<string> AskAsync(string line)
    {
        StreamReader replies = new(_tcp.GetStream());
        StreamWriter requests = new(_tcp.GetStream()) { AutoFlush = true, NewLine = "\n" };
        string reply;

        do
        {
            await requests.WriteLineAsync(line);
            reply = await replies.ReadLineAsync().WaitAsync(Patience)
                ?? throw new InvalidOperationException("the server has ended");
        }
        while (reply.StartsWith("error unavailable", StringComparison.Ordinal));

        return reply;
    }

    /// <summary>Waits until the server shows that write.</summary>
    public async Task AwaitAsync(string version)
    {
        while (await AskAsync($"context {version}") is not "ok")
        {
        }
    }

    public void Dispose() => _tcp.Dispose();
}
