using System.Diagnostics;
using System.Text;

namespace CausalStore.Server.Tests.Kit;

/// <summary>CausalStore.Server.dll of the same build configuration as the tests, as a process of its
/// own.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private ServerProcess(IEnumerable<string> arguments)
        : this("dotnet", [DllPath, .. arguments, .. InMemoryUnlessSaid(arguments)], workingDirectory: "")
    {
    }

    private ServerProcess(string program, IEnumerable<string> arguments, string workingDirectory)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Add(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Add(_error, line.Data);
    }

    public static string DllPath
    {
        get
        {
            DirectoryInfo binaries = new(AppContext.BaseDirectory);
            string configuration = binaries.Parent!.Name;
            var root = binaries;

            while (root is not null && !File.Exists(Path.Combine(root.FullName, "CausalStore.sln")))
            {
                root = root.Parent;
            }

            return Path.Combine(
                root!.FullName, "src", "CausalStore.Server", "bin", configuration, "net10.0",
                "CausalStore.Server.dll");
        }
    }

    /// <summary>Where it listens, by its ready line.</summary>
    public int Port { get; private set; }

    public string Output => Text(_output);

    public string Error => Text(_error);

    /// <summary>Starts a server and waits until it listens.</summary>
    public static Task<ServerProcess> StartAsync(params IEnumerable<string> arguments) =>
        StartAsync(new ServerProcess(arguments));

    /// <summary>Starts a server as if typed in a directory, with nothing added.</summary>
    public static Task<ServerProcess> StartInAsync(string directory, params IEnumerable<string> arguments) =>
        StartAsync(new ServerProcess("dotnet", [DllPath, .. arguments], directory));

    /// <summary>Starts a server from a shell that has made its preparations.</summary>
    public static Task<ServerProcess> StartFromShellAsync(string preparations, string arguments) =>
        StartAsync(new ServerProcess("sh", ["-c", $"{preparations}; exec dotnet {DllPath} {arguments}"], ""));

    /// <summary>Starts a server to whose standard input lines can be written.</summary>
    public static Task<ServerProcess> StartForLinesAsync(params IEnumerable<string> arguments) =>
        StartAsync(new ServerProcess(arguments), closesInput: false);

    public Task WriteLineAsync(string line) => _process.StandardInput.WriteLineAsync(line);

    private static async Task<ServerProcess> StartAsync(ServerProcess server, bool closesInput = true)
    {
        server.Start(closesInput);

        try
        {
            await Eventually.TrueAsync(
                () => server.Output.Contains("listening on port") || server._process.HasExited,
                $"the ready line; errors: {server.Error}");
            string ready = server.Output.Split('\n')[0].Trim();
            server.Port = int.Parse(ready[(ready.LastIndexOf(' ') + 1)..]);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs one that is to end by itself.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        params IEnumerable<string> arguments)
    {
        await using ServerProcess server = new(arguments);
        server.Start();
        int exitCode = await server.ExitCodeAsync();
        return (exitCode, server.Output, server.Error);
    }

    /// <summary>A client of it, once it serves.</summary>
    public async Task<LineClient> ServesAsync()
    {
        var client = await LineClient.ConnectAsync(Port);
        await client.SeesServingAsync(() => Error);
        return client;
    }

    /// <summary>Ends it at once, as kill -9 does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends a signal by its name, TERM or INT. Not on Windows.</summary>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits until it has ended and all that it said is here.</summary>
    public async Task<int> ExitCodeAsync()
    {
        using CancellationTokenSource limit = new(Eventually.Limit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Start(bool closesInput = true)
    {
        _process.Start();
        _process.StandardInput.AutoFlush = true;

        if (closesInput)
        {
            _process.StandardInput.Close();
        }

        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Only who says where leaves data behind.</summary>
    private static string[] InMemoryUnlessSaid(IEnumerable<string> arguments)
    {
        bool isServer = arguments.FirstOrDefault()?.StartsWith("--", StringComparison.Ordinal) != false;
        return isServer && !arguments.Contains("--data") ? ["--in-memory"] : [];
    }

    private static void Add(StringBuilder text, string? line)
    {
        lock (text)
        {
            text.Append(line).Append(line is null ? "" : "\n");
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
