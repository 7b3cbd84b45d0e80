using System.Diagnostics;

namespace CausalStore.Client.Tests.Kit;

/// <summary>The client as a process, not at a terminal.</summary>
internal sealed class ClientProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ClientProcess(Process process) => _process = process;

    public StreamReader Output => _process.StandardOutput;

    public StreamWriter Input => _process.StandardInput;

    public int Id => _process.Id;

    public static ClientProcess Start(params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        start.ArgumentList.Add(typeof(StoreClient).Assembly.Location);

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return new ClientProcess(Process.Start(start)!);
    }

    /// <summary>Runs it to its end with this input.</summary>
    public static async Task<Ended> RunAsync(string input, params IEnumerable<string> arguments)
    {
        await using var client = Start(arguments);
        await client.Input.WriteAsync(input);
        client.Input.Close();
        return await client.EndAsync();
    }

    public async Task<Ended> EndAsync()
    {
        var output = Output.ReadToEndAsync(Eventually.Stop);
        var errors = _process.StandardError.ReadToEndAsync(Eventually.Stop);
        await _process.WaitForExitAsync(Eventually.Stop).InTime();
        return new Ended(_process.ExitCode, (await output).ReplaceLineEndings("\n"), await errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    internal sealed record Ended(int ExitCode, string Output, string Errors);
}
