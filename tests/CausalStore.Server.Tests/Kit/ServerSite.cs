namespace CausalStore.Server.Tests.Kit;

/// <summary>A place where servers run as processes of their own: a port and a directory, under one id after
/// another.</summary>
internal sealed class ServerSite(int id, int port, string data, params IReadOnlyList<string> more)
    : IAsyncDisposable
{
    private ServerProcess? _process;

    public int FirstId { get; } = id;

    public int Id { get; private set; } = id;

    public int Port { get; } = port;

    public string Data { get; } = data;

    /// <summary>All that its last process said.</summary>
    public string Said => _process?.Output + _process?.Error;

    private string[] Arguments => ["--port", $"{Port}", "--id", $"{Id}", "--data", Data, .. more];

    /// <summary>Starts its server and waits until it listens.</summary>
    public async Task StartAsync()
    {
        await EndAsync();
        _process = await ServerProcess.StartAsync(Arguments);
    }

    /// <summary>Starts its server, which is to end by itself.</summary>
    /// <returns>What it says before it exits with 1.</returns>
    public async Task<string> StartInVainAsync()
    {
        await StartAsync();
        return await EndsWithAdviceAsync();
    }

    /// <summary>Waits until its server has ended by itself, with 1.</summary>
    /// <returns>What it said.</returns>
    public async Task<string> EndsWithAdviceAsync()
    {
        Assert.Equal(1, await _process!.ExitCodeAsync());
        return Said;
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync() => _process!.KillAsync();

    public async Task RestartAsync()
    {
        await KillAsync();
        await StartAsync();
    }

    public Task SignalAsync(string name) => _process!.SignalAsync(name);

    public void LoseData() => Directory.Delete(Data, recursive: true);

    public Task<LineClient> ConnectAsync() => LineClient.ConnectAsync(Port);

    /// <summary>A client of its server, once that serves.</summary>
    public async Task<LineClient> ServesAsync()
    {
        var client = await ConnectAsync();
        await client.SeesServingAsync(() => Said);
        return client;
    }

    public async Task WriteAsync(string key, string value)
    {
        using var client = await ConnectAsync();
        Assert.StartsWith("ok ", await client.AskAsync($"write {key} {value}"));
    }

    /// <summary>Waits until its server shows that.</summary>
    public async Task ShowsAsync(string key, string value)
    {
        using var client = await ServesAsync();
        await client.ShowsAsync(key, value);
    }

    /// <summary>What <c>status</c> says under that name; empty: nothing.</summary>
    public async Task<string> StatusAsync(string name)
    {
        using var client = await ConnectAsync();
        return (await client.AskManyAsync("status"))
            .Find(line => line.StartsWith(name + ' ', StringComparison.Ordinal))?[(name.Length + 1)..] ?? "";
    }

    /// <summary>Waits until <c>status</c> says that under that name.</summary>
    public Task SaysAsync(string name, Predicate<string> what) => Eventually.TrueAsync(
        async () => what(await StatusAsync(name)), $"{name} of server {Id}; it said:\n{Said}");

    /// <summary>Does what its server advised, to the letter, and starts one under the unused id.</summary>
    /// <param name="isForgotten">Whether its old id is forgotten already.</param>
    public async Task FollowAsync(string said, LineClient liveServer, bool isForgotten = false)
    {
        var advice = PrintedAdvice.In(said);
        Assert.Equal(Data, advice.Directory);

        if (!isForgotten && advice.Forget is { } forget)
        {
            Assert.Equal("ok", await liveServer.AskAsync(forget));
        }

        Directory.Move(advice.Directory, $"{advice.Directory}-of-{Id}");
        Id = advice.UnusedId;
        await StartAsync();
    }

    public async ValueTask DisposeAsync() => await EndAsync();

    private async Task EndAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }
}
