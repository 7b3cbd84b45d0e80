using System.Diagnostics;
using CausalStore.Server.Storage;
using CausalStore.Server.Tests.Kit;

namespace CausalStore.Server.Tests;

/// <summary>Real processes, real files, real kills.</summary>
public sealed class DurabilityTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData("always", 20_000)]
    [InlineData("everysec", 20_000)]
    [InlineData("never", 20_000)]
    [InlineData("always", 10)]
    public async Task What_was_acknowledged_is_there_after_kill_9_at_any_moment(string fsync, int valueLength)
    {
        const int Rounds = 4;
        const int Writers = 3;
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        long[] acknowledged = new long[Writers];
        long greatest = 0;

        for (int round = 0; round < Rounds; round++)
        {
            await using var server = await StartAsync("--fsync", fsync, "--retain", "0");

            for (int writer = 0; writer < Writers; writer++)
            {
                string answer = await ReadAsync(server, $"k{writer}");
                long found = acknowledged[writer] == 0 ? 0 : long.Parse(answer.Split(' ')[2].Split('.')[0]);
                Assert.True(found >= acknowledged[writer], $"{found} < {acknowledged[writer]}, seed {seed}");
            }

            // Enough for several saves where values are large, so that kills meet the folding too.
            var clients = await Task.WhenAll(
                Enumerable.Range(0, Writers).Select(_ => LineClient.ConnectAsync(server.Port)));
            var writing = clients.Select(async (client, writer) =>
            {
                using (client)
                {
                    return await WriteUntilKilledAsync(
                        client, writer, acknowledged[writer], valueLength, greatest, seed);
                }
            }).ToList();
            var killAt = TimeSpan.FromMilliseconds(random.Next(100, 1000));
            var watch = Stopwatch.StartNew();
            await Eventually.TrueAsync(() => watch.Elapsed > killAt, "some moment");
            await server.KillAsync();
            var ends = await Task.WhenAll(writing);

            for (int writer = 0; writer < Writers; writer++)
            {
                acknowledged[writer] = Math.Max(acknowledged[writer], ends[writer].Number);
                greatest = Math.Max(greatest, ends[writer].Timestamp);
            }
        }

        output.WriteLine($"acknowledged: {string.Join(", ", acknowledged)}");
        Assert.All(acknowledged, number => Assert.True(number > 0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_effect_still_waits_for_its_cause_after_kill_9_and_appears_after_it(bool isFolded)
    {
        int port = FreePorts.One();
        await using var west = await ServerProcess.StartAsync(
            "--port", "0", "--id", "1", "--allow-faults", "--relay-after", "0");
        await using var central = await ServerProcess.StartAsync(
            "--port", "0", "--id", "2", "--peers", $"{west.Port}", "--relay-after", "0");
        string[] arguments =
        [
            "--port", $"{port}", "--id", "3", "--peers", $"{west.Port}", "--relay-after", "0",
            "--data", _temporary.Data,
        ];
        var east = await ServerProcess.StartAsync(arguments);
        using var alice = await LineClient.ConnectAsync(west.Port);
        using var bob = await central.ServesAsync();
        (await east.ServesAsync()).Dispose();
        await alice.AskAsync("write x lost");
        await bob.ShowsAsync("x", "lost");
        Assert.Equal("ok", await alice.AskAsync("link 3 cut"));
        await alice.AskAsync("write y found");
        await bob.ShowsAsync("y", "found");
        await bob.AskAsync("write z glad");
        using (var carol = await LineClient.ConnectAsync(east.Port))
        {
            await Eventually.TrueAsync(async () => await DelayedAsync(carol) == 1, "z waits");
        }

        await Eventually.TrueAsync(() => !isFolded || WaitingInState() == 1, "z waits in the saved state");
        await east.KillAsync();
        await east.DisposeAsync();
        await using var again = await ServerProcess.StartAsync(arguments);
        using var afterwards = await LineClient.ConnectAsync(again.Port);
        Assert.StartsWith("missing z", await afterwards.AskAsync("read z"));
        Assert.Equal(1, await DelayedAsync(afterwards));
        Assert.Equal("ok", await afterwards.AskAsync("watch \"\""));

        Assert.Equal("ok", await alice.AskAsync("link 3 heal"));

        Assert.StartsWith("update y found", await ReadUpdateAsync(afterwards));
        Assert.StartsWith("update z glad", await ReadUpdateAsync(afterwards));
    }

    [Fact]
    public async Task A_server_that_is_told_to_stop_starts_with_everything_folded()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no signals by name");
        await using (var server = await StartAsync())
        {
            using var client = await LineClient.ConnectAsync(server.Port);
            await client.AskAsync("write x lost");
            await server.SignalAsync("TERM");
            Assert.Equal(0, await server.ExitCodeAsync());
        }

        Assert.False(File.Exists(Path.Combine(_temporary.Data, "journal.db-wal")));
        Assert.False(File.Exists(Path.Combine(_temporary.Data, "state.db-wal")));
        await using var again = await StartAsync();
        using var reader = await LineClient.ConnectAsync(again.Port);
        Assert.Equal("value x lost 1@1", await reader.AskAsync("read x"));
        Assert.Equal("ok 2@1", await reader.AskAsync("write x found"));
    }

    [Fact]
    public async Task Data_go_where_they_are_looked_for_and_nowhere_in_memory()
    {
        string working = _temporary.In("working");
        Directory.CreateDirectory(working);
        await using (var inMemory = await ServerProcess.StartInAsync(
            working, "--port", "0", "--id", "7", "--in-memory"))
        {
            using var client = await LineClient.ConnectAsync(inMemory.Port);
            await client.AskAsync("write x lost");
            Assert.Contains(
                "durability memory: what is acknowledged ends with this server",
                await client.AskManyAsync("status"));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(working));

        await using var server = await ServerProcess.StartInAsync(working, "--port", "0", "--id", "7");
        Assert.True(File.Exists(Path.Combine(working, "data", "server-7", "state.db")));
        string told = $"Data in {Path.Combine("data", "server-7")}, --fsync always: ";
        await Eventually.TrueAsync(() => server.Error.Contains(told), told);
    }

    [Fact]
    public async Task A_second_process_on_the_same_data_is_told_so_and_ends()
    {
        await using var server = await StartAsync();

        var (exitCode, said, error) = await ServerProcess.RunAsync(
            "--port", "0", "--id", "1", "--data", _temporary.Data);

        Assert.Equal(1, exitCode);
        Assert.Equal("", said);
        Assert.Contains("another server is running on it", error);
    }

    [Fact]
    public async Task A_disk_that_fails_ends_the_server_and_nothing_that_was_acknowledged_is_lost()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no limit of a file's size");
        await using (var first = await StartAsync())
        {
            // The reserve is there.
        }

        // Write beyond 8 MiB of a file fails, and is no full disk.
        await using (var limited = await ServerProcess.StartFromShellAsync(
            "trap '' XFSZ; ulimit -f 16384; export DOTNET_EnableWriteXorExecute=0",
            $"--port 0 --id 1 --data {_temporary.Data}"))
        {
            using var client = await LineClient.ConnectAsync(limited.Port);
            string value = new('v', 500_000);
            long acknowledged = 0;

            while (await TryAskAsync(client, $"write k {acknowledged + 1}.{value}") is { } answer)
            {
                Assert.StartsWith("ok ", answer);
                acknowledged++;
            }

            Assert.Equal(1, await limited.ExitCodeAsync());
            Assert.Contains("cannot be kept any more: the disk fails", limited.Error);
            output.WriteLine($"{acknowledged} acknowledged");
            await using var again = await StartAsync();
            using var reader = await LineClient.ConnectAsync(again.Port);
            string found = (await reader.AskAsync("read k"))!.Split(' ')[2].Split('.')[0];
            Assert.True(long.Parse(found) >= acknowledged);
        }
    }

    [Fact]
    public async Task A_disk_that_may_only_be_read_is_a_clear_error_and_what_is_there_stays()
    {
        string disk = _temporary.In("disk");
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=100m", "none", disk),
            "only who may mount can make a disk that may only be read");

        try
        {
            string data = Path.Combine(disk, "data");
            string[] arguments = ["--port", "0", "--id", "1", "--data", data];
            await using (var server = await ServerProcess.StartAsync(arguments))
            {
                using var client = await LineClient.ConnectAsync(server.Port);
                Assert.Equal("ok 1@1", await client.AskAsync("write x lost"));
                await server.KillAsync();
            }

            Assert.True(Run("mount", "-o", "remount,ro", disk));

            foreach (string directory in new[] { data, Path.Combine(disk, "new") })
            {
                var (exitCode, said, error) = await ServerProcess.RunAsync([.. arguments[..^1], directory]);
                output.WriteLine(error);
                Assert.Equal(1, exitCode);
                Assert.Equal("", said);
                Assert.Contains($"{directory} cannot be used: ", error);
                Assert.Contains("Read-only file system", error);
                Assert.Contains("A server needs a directory that it may read and write: --data DIR", error);
            }

            Assert.True(Run("mount", "-o", "remount,rw", disk));
            await using var again = await ServerProcess.StartAsync(arguments);
            using var reader = await LineClient.ConnectAsync(again.Port);
            Assert.Equal("value x lost 1@1", await reader.AskAsync("read x"));
        }
        finally
        {
            Run("umount", "-l", disk);
        }
    }

    [Fact]
    public async Task On_a_full_disk_writes_are_refused_reads_go_on_and_room_ends_it()
    {
        string disk = _temporary.In("disk");
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=40m", "none", disk),
            "only who may mount can make a small disk");

        try
        {
            string value = new('v', 20_000);
            string[] arguments = ["--port", "0", "--id", "1", "--data", Path.Combine(disk, "data")];
            int count = 0;
            await using (var server = await ServerProcess.StartAsync(arguments))
            {
                using var client = await LineClient.ConnectAsync(server.Port);
                string answer = (await client.AskAsync($"write k0 {value}"))!;

                while (IsOk(answer))
                {
                    answer = (await client.AskAsync($"write k{++count} {value}"))!;
                }

                Assert.StartsWith("error unavailable server 1 has no room left on its disk", answer);
                Assert.StartsWith($"value k{count - 1} vvv", await client.AskAsync($"read k{count - 1}"));
                await server.KillAsync();
            }

            await using var again = await ServerProcess.StartAsync(arguments);
            using var reader = await LineClient.ConnectAsync(again.Port);
            Assert.StartsWith($"value k{count - 1} vvv", await reader.AskAsync($"read k{count - 1}"));
            Assert.Equal($"missing k{count}", await reader.AskAsync($"read k{count}"));
            Assert.StartsWith("error unavailable ", await reader.AskAsync("write x lost"));

            Assert.True(Run("mount", "-o", "remount,size=400m", disk));
            await Eventually.TrueAsync(
                async () => IsOk(await reader.AskAsync("write x lost")), "there is room");
        }
        finally
        {
            Run("umount", "-l", disk);
        }
    }

    private long WaitingInState()
    {
        using Database state = new(Path.Combine(_temporary.Data, StateFile.Name), Access.Read);
        return state.Number("SELECT count(*) FROM waiting");
    }

    private static bool IsOk(string? answer) => answer!.StartsWith("ok ", StringComparison.Ordinal);

    private static bool Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private Task<ServerProcess> StartAsync(params IEnumerable<string> more) =>
        ServerProcess.StartAsync(["--port", "0", "--id", "1", "--data", _temporary.Data, .. more]);

    /// <summary>Writes rising numbers, sixteen in flight.</summary>
    private static async Task<(long Number, long Timestamp)> WriteUntilKilledAsync(
        LineClient client, int writer, long from, int valueLength, long greatest, int seed)
    {
        const int InFlight = 16;
        string rest = new('v', valueLength);
        long acknowledged = from;
        long timestamp = 0;

        try
        {
            while (true)
            {
                await client.SendAsync(string.Concat(Enumerable.Range(1, InFlight).Select(
                    number => $"write k{writer} {acknowledged + number}.{rest}\n")));

                foreach (string answer in await client.ReadLinesAsync(InFlight))
                {
                    acknowledged++;
                    timestamp = long.Parse(answer[3..^2]);
                    Assert.True(timestamp > greatest, $"version {answer} was used before, seed {seed}");
                }
            }
        }
        catch (IOException)
        {
            return (acknowledged, timestamp);
        }
        catch (System.Net.Sockets.SocketException)
        {
            return (acknowledged, timestamp);
        }
    }

    /// <summary>Reads a key. A server that ends instead says why.</summary>
    private static async Task<string> ReadAsync(ServerProcess server, string key)
    {
        using var client = await LineClient.ConnectAsync(server.Port);
        string? answer = await TryAskAsync(client, $"read {key}");

        if (answer is null)
        {
            Assert.Fail($"the server ended with {await server.ExitCodeAsync()}: {server.Error}");
        }

        return answer;
    }

    private static async Task<string?> TryAskAsync(LineClient client, string line)
    {
        try
        {
            return await client.AskAsync(line);
        }
        catch (Exception failure) when (failure is IOException or System.Net.Sockets.SocketException)
        {
            return null;
        }
    }

    private static async Task<int> DelayedAsync(LineClient client) =>
        (await client.AskManyAsync("pending")).Count - 1;

    private static async Task<string> ReadUpdateAsync(LineClient client)
    {
        while (true)
        {
            string line = await client.ReadLineAsync() ?? throw new EndOfStreamException();

            if (line.StartsWith("update ", StringComparison.Ordinal))
            {
                return line;
            }
        }
    }
}
