using CausalStore.Terminal.Tests.Kit;

namespace CausalStore.Terminal.Tests;

public sealed class LineHistoryFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string FilePath => _directory.In("folder/history");

    [Fact]
    public async Task What_one_session_typed_the_next_one_has()
    {
        var file = NewFile();
        Assert.Null(await file.AppendAsync("write x \"指輪 💍\"", Stop));
        Assert.Null(await file.AppendAsync(" write secret 1", Stop));
        Assert.Null(await file.AppendAsync("read x", Stop));

        Assert.Equal(["write x \"指輪 💍\"", "read x"], await ReadAsync());
    }

    [Fact]
    public async Task Where_there_is_none_yet_nothing_is_read_and_nothing_made()
    {
        Assert.Empty(await ReadAsync());
        Assert.False(Directory.Exists(_directory.In("folder")));
    }

    [Fact]
    public async Task Nobody_else_may_read_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the user's folders are the user's");

        await NewFile().AppendAsync("read x", Stop);

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(FilePath).UnixFileMode);
    }

    [Fact]
    public async Task Sessions_at_once_do_not_damage_it()
    {
        const int Sessions = 4;
        const int Lines = 50;
        Directory.CreateDirectory(_directory.In("folder"));

        // In the middle of it, the older lines go.
        await File.WriteAllLinesAsync(
            FilePath, Enumerable.Repeat("ping", (2 * LineHistory.LinesMax) - (Sessions * Lines / 2)), Stop);

        string?[] failures = await Task.WhenAll(Enumerable.Range(0, Sessions).Select(session => Task.Run(
            async () =>
            {
                string? failure = null;

                for (int line = 0; line < Lines; line++)
                {
                    failure ??= await NewFile().AppendAsync($"read {session}-{line}", Stop);
                }

                return failure;
            })));

        Assert.All(failures, Assert.Null);
        string[] kept = await File.ReadAllLinesAsync(FilePath, Stop);
        var wanted = Enumerable.Range(0, Sessions * Lines)
            .Select(number => $"read {number / Lines}-{number % Lines}");
        Assert.Equal(wanted.Order(), kept.Where(line => line != "ping").Order());
        Assert.InRange(kept.Length, LineHistory.LinesMax, (2 * LineHistory.LinesMax) - 1);
    }

    [Fact]
    public async Task Half_a_line_of_one_that_was_killed_spoils_no_other()
    {
        await NewFile().AppendAsync("read x", Stop);
        await File.AppendAllTextAsync(FilePath, "write y fou", Stop);

        await NewFile().AppendAsync("read z", Stop);

        Assert.Equal(["read x", "write y fou", "read z"], await ReadAsync());
    }

    [Fact]
    public async Task It_does_not_grow_for_ever()
    {
        Directory.CreateDirectory(_directory.In("folder"));
        var old = Enumerable.Range(0, 2 * LineHistory.LinesMax).Select(number => $"read k{number}");
        await File.WriteAllLinesAsync(FilePath, old, Stop);

        await NewFile().AppendAsync("read last", Stop);

        string[] lines = await File.ReadAllLinesAsync(FilePath, Stop);
        Assert.Equal(LineHistory.LinesMax + 1, lines.Length);
        Assert.Equal($"read k{LineHistory.LinesMax}", lines[0]);
        Assert.Equal("read last", lines[^1]);
    }

    [Fact]
    public async Task What_a_terminal_would_obey_is_taken_out()
    {
        Directory.CreateDirectory(_directory.In("folder"));
        await File.WriteAllTextAsync(FilePath, "read \e[2Jx\n", Stop);

        Assert.Equal(["read [2Jx"], await ReadAsync());
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_said()
    {
        string folder = _directory.In("folder");
        await File.WriteAllTextAsync(folder, "no folder", Stop);

        Assert.NotNull(await NewFile().AppendAsync("read x", Stop));
    }

    [Fact]
    public void The_usual_place_is_the_users()
    {
        Assert.SkipWhen(LineHistoryFile.DefaultPath("X") is null, "this user has no home");

        Assert.EndsWith(Path.Combine("X", "history"), LineHistoryFile.DefaultPath("X"));
    }

    public void Dispose() => _directory.Dispose();

    private LineHistoryFile NewFile() => new(FilePath, TimeProvider.System);

    private async Task<IReadOnlyList<string>> ReadAsync()
    {
        LineHistory history = new();
        Assert.Null(await NewFile().ReadIntoAsync(history, Stop));
        return history.Lines;
    }
}
