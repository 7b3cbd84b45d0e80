using CausalStore.Checking;
using CausalStore.Client.Tests.Kit;

namespace CausalStore.Client.Tests;

public sealed class HistoryRecorderTests : IAsyncDisposable
{
    private readonly FakeServer _server = FakeServer.Start();
    private readonly HistoryPath _path = new();

    [Fact]
    public async Task What_a_session_does_is_written_down_line_by_line()
    {
        _server.Answer = (_, line) => line switch
        {
            "read x y" => "value x lost 1@1\nmissing y 3@1\n",
            "scan a" => "value a1 1 1@1\nvalue \"a 2\" \"\" 2@1\nend 2\n",
            "scan a 2 a0" => "value a1 1 1@1\nvalue a2 2 2@1\nend 2\n",
            _ => null,
        };

        await using (var client = await ClientAsync())
        {
            await client.WriteAsync("x", "lost", Eventually.Stop);
            await client.WriteAsync([Change.Write("a b", "é<"), Change.Delete("y")], Eventually.Stop);
            await client.DeleteAsync("y", Eventually.Stop);
            await client.ReadAsync(["x", "y"], Eventually.Stop);
            await client.ReadAsync("z", Eventually.Stop);
            await client.AskAsync("scan a", Eventually.Stop);
            await client.ScanAsync("a", 2, "a0", Eventually.Stop);
            await client.GetContextAsync(Eventually.Stop);
            await client.AskAsync("status", Eventually.Stop);
        }

        Assert.Equal(
            [
                """{"session":"alice","ops":[["w","x","lost","1@1"]]}""",
                """{"session":"alice","ops":[["w","a b","é<","2@1"],["d","y","2@1"]]}""",
                """{"session":"alice","ops":[["d","y","3@1"]]}""",
                """{"session":"alice","ops":[["r","x","lost","1@1"],["r","y",null,"3@1"]]}""",
                """{"session":"alice","ops":[["r","z",null,null]]}""",
                """{"session":"alice","ops":[["s","a",[["a1","1","1@1"],["a 2","","2@1"]]]]}""",
                """{"session":"alice","ops":[["s","a",[["a1","1","1@1"],["a2","2","2@1"]],"a0","a2"]]}""",
            ],
            _path.Lines);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_written_in_base_64()
    {
        await using var client = await ClientAsync();

        await client.WriteAsync(new byte[] { 0xFF, 0x00 }, new byte[] { 0x80 }, Eventually.Stop);

        Assert.Equal(
            """{"session":"alice","ops":[["w",{"b64":"/wA="},{"b64":"gA=="},"1@1"]]}""",
            Assert.Single(_path.Lines));
    }

    [Fact]
    public async Task What_is_pushed_counts_as_read_where_it_came()
    {
        _server.Answer = (_, line) => line == "write z glad"
            ? "update y found 2@1\nremoved x 3@2\nok 4@1\nupdate z glad 4@1\n"
            : null;

        await using (var client = await ClientAsync())
        {
            await client.WatchAsync("", Eventually.Stop);
            await client.WriteAsync("z", "glad", Eventually.Stop);
            await client.ReadAsync("u", Eventually.Stop);
        }

        Assert.Equal(
            [
                """{"session":"alice","ops":[["r","y","found","2@1"]]}""",
                """{"session":"alice","ops":[["r","x",null,"3@2"]]}""",
                """{"session":"alice","ops":[["w","z","glad","4@1"]]}""",
                """{"session":"alice","ops":[["r","z","glad","4@1"]]}""",
                """{"session":"alice","ops":[["r","u",null,null]]}""",
            ],
            _path.Lines);
    }

    [Fact]
    public async Task A_write_whose_reply_never_comes_has_an_unknown_outcome_before_the_session_goes_on()
    {
        _server.Answer = (connection, line) =>
        {
            if (line != "write x lost delete y")
            {
                return null;
            }

            connection.Close();
            return "";
        };
        await using var client = await ClientAsync();

        await Assert.ThrowsAsync<UnknownOutcomeException>(() => client.WriteAsync(
            [Change.Write("x", "lost"), Change.Delete("y")], Eventually.Stop));
        await client.ReadAsync("x", Eventually.Stop);

        Assert.Equal(
            [
                """{"session":"alice","ops":[["w","x","lost",null],["d","y",null]],"status":"unknown"}""",
                """{"session":"alice","ops":[["r","x",null,null]]}""",
            ],
            _path.Lines);
    }

    [Fact]
    public async Task A_refusal_is_no_operation_unless_the_server_failed()
    {
        _server.Answer = (_, line) => line switch
        {
            "write x 1" => "error overloaded too much\n",
            "write x 2" => "error internal the journal failed\n",
            "write x" => "error syntax the value to write is missing\n",
            "read x" => "error overloaded too much\n",
            _ => null,
        };
        await using var client = await ClientAsync();

        foreach (string line in new[] { "write x 1", "write x 2", "read x", "write x", "bogus" })
        {
            await client.AskAsync(line, Eventually.Stop);
        }

        Assert.Equal(
            """{"session":"alice","ops":[["w","x","2",null]],"status":"unknown"}""",
            Assert.Single(_path.Lines));
    }

    [Fact]
    public async Task A_write_that_nobody_waits_for_any_more_is_recorded_when_its_reply_comes()
    {
        TaskCompletionSource asked = new();
        _server.Answer = (_, line) =>
        {
            if (line == "write x lost")
            {
                asked.SetResult();
                return "";
            }

            return null;
        };
        await using var client = await ClientAsync();
        using CancellationTokenSource enough = new();
        var writing = client.WriteAsync("x", "lost", enough.Token);
        await asked.Task.InTime();
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);

        _server.Push("ok 1@1");
        await client.ReadAsync("y", Eventually.Stop);

        Assert.Equal("""{"session":"alice","ops":[["w","x","lost","1@1"]]}""", _path.Lines[0]);
    }

    [Fact]
    public async Task And_has_an_unknown_outcome_when_the_session_ends_without()
    {
        _server.Answer = (_, line) => line == "write x lost" ? "" : null;
        using CancellationTokenSource enough = new();

        await using (var client = await ClientAsync())
        {
            var writing = client.WriteAsync("x", "lost", enough.Token);
            await _server.ReceivesAsync("write x lost");
            await enough.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
        }

        Assert.Contains("\"status\":\"unknown\"", Assert.Single(_path.Lines));
    }

    [Fact]
    public async Task Of_the_looks_of_one_who_waits_only_what_is_new_is_recorded()
    {
        int looks = 0;
        _server.Answer = (_, line) => line == "read z"
            ? ++looks switch { < 5 => "missing z\n", < 9 => "value z sad 1@1\n", _ => "value z glad 2@1\n" }
            : null;
        await using var client = await ClientAsync();

        await client.AwaitAsync("z", "glad", TimeSpan.FromSeconds(30), Eventually.Stop);
        await client.ReadAsync("z", Eventually.Stop);

        Assert.Equal(
            [
                """{"session":"alice","ops":[["r","z",null,null]]}""",
                """{"session":"alice","ops":[["r","z","sad","1@1"]]}""",
                """{"session":"alice","ops":[["r","z","glad","2@1"]]}""",
                """{"session":"alice","ops":[["r","z","glad","2@1"]]}""",
            ],
            _path.Lines);
    }

    [Fact]
    public async Task At_rest_a_session_only_reads_and_its_reads_are_final()
    {
        await using var client = await ClientAsync();
        await client.WatchAsync("", Eventually.Stop);
        await client.WriteAsync("x", "1", Eventually.Stop);

        client.MarkAtRest();
        await client.ReadAsync("x", Eventually.Stop);
        _server.Push("update x 2 2@1");
        await client.ScanAsync("x", stop: Eventually.Stop);

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.DeleteAsync("x", Eventually.Stop));
        Assert.Equal(
            [
                """{"session":"alice","ops":[["w","x","1","1@1"]]}""",
                """{"session":"alice","ops":[["r","x","1","1@1"]],"final":true}""",
                """{"session":"alice","ops":[["s","x",[["x","1","1@1"]]]],"final":true}""",
            ],
            _path.Lines);
    }

    [Fact]
    public async Task Sessions_of_one_name_are_told_apart()
    {
        var recorder = HistoryRecorder.AppendTo(_path.File);

        foreach (var one in new[] { recorder, recorder, HistoryRecorder.AppendTo(_path.File) })
        {
            await using var client = await ClientAsync(one);
            await client.ReadAsync("x", Eventually.Stop);
        }

        Assert.Equal(
            ["alice", "alice~2", "alice~3"],
            HistoryReader.Read(File.ReadAllText(_path.File)).Sessions.Select(session => session.Name));
    }

    [Fact]
    public async Task Several_programs_append_to_one_file_and_tear_nothing()
    {
        const int Clients = 4;
        const int Writes = 100;

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async number =>
        {
            await using var client = await ClientAsync(HistoryRecorder.AppendTo(_path.File));

            for (int write = 0; write < Writes; write++)
            {
                await client.WriteAsync("x", $"{number}.{write}", Eventually.Stop);
            }
        }));

        var history = HistoryReader.Read(File.ReadAllText(_path.File));
        Assert.Equal(Clients, history.Sessions.Count);
        Assert.All(history.Sessions, session => Assert.Equal(
            Enumerable.Range(0, Writes).Select(write => $"{write}"),
            session.Operations.Select(one => $"{((HistoryStep.Write)one.Steps[0]).Value}".Split('.')[1])));
    }

    [Fact]
    public async Task Who_cannot_record_any_more_does_no_more()
    {
        var recorder = HistoryRecorder.AppendTo(_path.File);
        await using var client = await ClientAsync(recorder);
        await client.WriteAsync("x", "1", Eventually.Stop);
        Directory.Delete(_path.Directory, recursive: true);

        await client.WriteAsync("x", "2", Eventually.Stop);
        var error = await Assert.ThrowsAsync<RecordingFailedException>(
            () => client.WriteAsync("x", "3", Eventually.Stop));

        Assert.StartsWith("recording stopped: ", error.Message);
        Assert.Contains(recorder.Failure!, error.Message);
        Assert.DoesNotContain("write x 3", _server.Received);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _path.Dispose();
    }

    private Task<StoreClient> ClientAsync(HistoryRecorder? recorder = null) => StoreClient.ConnectAsync(
        new StoreClientOptions
        {
            Servers = [_server.Address],
            Name = "alice",
            Recorder = recorder ?? HistoryRecorder.AppendTo(_path.File),
        },
        Eventually.Stop);
}
