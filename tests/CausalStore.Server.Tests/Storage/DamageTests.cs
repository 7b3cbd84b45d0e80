using CausalStore.Server.Storage;
using CausalStore.Server.Tests.Kit;

namespace CausalStore.Server.Tests.Storage;

/// <summary>Disks turn bits over, and files are cut short or lost: never may that be a silent loss.</summary>
public sealed class DamageTests(ITestOutputHelper output) : IDisposable
{
    private const int Rounds = 60;
    private const int PageBytes = 4096;
    private const string Everything = "scan \"\"";
    private readonly TemporaryDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData("state.db", true)]
    [InlineData("journal.db", true)]
    [InlineData("journal.db-wal", false)]
    [InlineData("state.db-wal", false)]
    [InlineData("state.db-wal", false, true)]
    public async Task A_byte_turned_over_is_found_or_does_not_matter(
        string name, bool endsClean, bool isLogNeeded = false)
    {
        string expected = await FillAsync(endsClean, isLogNeeded);
        byte[] whole = File.ReadAllBytes(Path.Combine(_temporary.Data, name));
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        int found = 0;

        for (int round = 0; round < Rounds; round++)
        {
            string copy = _temporary.In($"copy{round}");
            TemporaryDirectory.Copy(_temporary.Data, copy);
            byte[] damaged = [.. whole];
            int position = random.Next(whole.Length);
            damaged[position] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(Path.Combine(copy, name), damaged);

            try
            {
                using KeptReplica replica = new(copy);
                Assert.True(
                    expected == replica.Turn(Everything).Answer,
                    $"byte {position} of {name}, seed {seed}: lost silently");
            }
            catch (StorageException wrong)
            {
                Assert.Contains("cannot be used", wrong.Message);
                Assert.Equal(damaged, File.ReadAllBytes(Path.Combine(copy, name)));
                found++;
            }

            Directory.Delete(copy, recursive: true);
        }

        output.WriteLine($"{found} of {Rounds} found");

        // What a log has that the file has as well does not matter, and what it alone has is in the journal.
        Assert.True(found > 0 || name == "state.db-wal");
    }

    [Theory]
    [InlineData("state.db", 0)]
    [InlineData("state.db", 100)]
    [InlineData("state.db", 8192)]
    [InlineData("journal.db", 0)]
    [InlineData("journal.db", 100)]
    [InlineData("journal.db", 8192)]
    public async Task A_file_that_is_cut_short_is_found(string name, int length)
    {
        await FillAsync(endsClean: true);
        using (var file = File.OpenWrite(Path.Combine(_temporary.Data, name)))
        {
            file.SetLength(length);
        }

        var wrong = Assert.Throws<StorageException>(() => new KeptReplica(_temporary.Data));

        Assert.Contains("cannot be used", wrong.Message);
        Assert.Contains("forget 1", wrong.Message);
        Assert.Contains("restore --from", wrong.Message);
        Assert.Equal(length, new FileInfo(Path.Combine(_temporary.Data, name)).Length);
    }

    [Theory]
    [InlineData("state.db", "state.db is missing")]
    [InlineData("journal.db", "journal.db is missing")]
    public async Task A_file_that_is_missing_is_said_to_be(string name, string expected)
    {
        await FillAsync(endsClean: true);
        File.Delete(Path.Combine(_temporary.Data, name));

        Assert.Contains(
            expected, Assert.Throws<StorageException>(() => new KeptReplica(_temporary.Data)).Message);
    }

    [Theory]
    [InlineData("state.db", "journal.db")]
    [InlineData("state.db", "journal.db-wal")]
    [InlineData("state.db", "journal.db", "journal.db-wal")]
    public async Task What_was_acknowledged_is_not_begun_anew_when_files_are_missing(params string[] names)
    {
        await FillAsync(endsClean: false);

        foreach (string name in names)
        {
            File.Delete(Path.Combine(_temporary.Data, name));
        }

        string[] left = Directory.GetFiles(_temporary.Data);

        var wrong = Assert.Throws<StorageException>(() => new KeptReplica(_temporary.Data));

        Assert.Contains("state.db is missing", wrong.Message);
        Assert.Contains("of journal.db was acknowledged", wrong.Message);
        Assert.Equal(left.Order(), Directory.GetFiles(_temporary.Data).Order());
    }

    [Theory]
    [InlineData("state.db")]
    [InlineData("journal.db")]
    public async Task An_empty_file_leaves_the_log_beside_it_alone(string name)
    {
        await FillAsync(endsClean: false);
        string log = Path.Combine(_temporary.Data, name + "-wal");
        byte[] kept = File.ReadAllBytes(log);
        File.WriteAllBytes(Path.Combine(_temporary.Data, name), []);

        var wrong = Assert.Throws<StorageException>(() => new KeptReplica(_temporary.Data));

        Assert.Contains($"{name} is empty", wrong.Message);
        Assert.Equal(kept, File.ReadAllBytes(log));
    }

    [Fact]
    public async Task The_advice_names_an_unused_id_where_the_saved_state_can_tell()
    {
        await FillAsync(endsClean: true);
        File.WriteAllText(Path.Combine(_temporary.Data, "journal.db"), "this was a journal once");

        var wrong = Assert.Throws<StorageException>(() => new KeptReplica(_temporary.Data));

        Assert.Contains("start with an unused id: --id 2", wrong.Message);
        Assert.Contains("--data NEWDIR --id 2", wrong.Message);

        File.WriteAllText(Path.Combine(_temporary.Data, "state.db"), "and this was a state");
        wrong = Assert.Throws<StorageException>(() => new KeptReplica(_temporary.Data));
        Assert.Contains("--data NEWDIR --id UNUSED", wrong.Message);
    }

    [Fact]
    public async Task The_end_of_a_journal_that_is_missing_is_noticed_though_sqlite_takes_the_rest_for_whole()
    {
        await FillAsync(endsClean: false);
        File.Delete(Path.Combine(_temporary.Data, "journal.db-wal"));

        var wrong = Assert.Throws<StorageException>(() => new KeptReplica(_temporary.Data));

        Assert.Contains("was acknowledged: the end of the journal is lost", wrong.Message);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_checkpoint_that_was_cut_short_and_has_lost_its_log_is_healed_or_found(
        bool isLater, bool grows)
    {
        string path = Path.Combine(_temporary.Data, StateFile.Name);
        string expected;
        byte[] before;
        byte[] between = [];
        byte[] after;

        using (KeptReplica replica = new(_temporary.Data))
        {
            for (int number = 0; number < 2000; number++)
            {
                replica.Turn($"write key{number * 7919 % 2000} {new string('v', 1 + (number % 90))}");
            }

            await replica.FoldAsync();
            before = File.ReadAllBytes(path);

            for (int number = 0; number < 400; number++)
            {
                int key = number * 31 % 2000;
                string value = (await replica.AskAsync($"read key{key}")).Split(' ')[2];
                replica.Turn($"write key{key} {value.Replace('v', 'w')}{(grows ? new string('w', 90) : "")}");
                replica.Turn(grows ? $"write another{number} {number}" : "ping");
            }

            replica.Data.State.KeysAreThere = () => between = File.ReadAllBytes(path);
            await replica.FoldAsync();
            after = File.ReadAllBytes(path);
            expected = All(replica);
        }

        var (older, newer) = isLater ? (between, after) : (before, between);
        int pages = newer.Length / PageBytes;
        int found = 0;

        // A checkpoint writes pages in the order of their numbers.
        for (int copied = 0; copied <= pages; copied += copied < 8 ? 1 : 5)
        {
            found += IsFound(expected, Mixed(older, newer, copied * PageBytes), $"{copied} pages") ? 1 : 0;
        }

        output.WriteLine($"{found} of {pages} found");
        Assert.True(found < pages, "it starts again where all is there");
    }

    [Fact]
    public async Task An_older_journal_beside_a_newer_state_is_noticed()
    {
        await FillAsync(endsClean: true);
        string old = _temporary.In("old");
        TemporaryDirectory.Copy(_temporary.Data, old);
        using (KeptReplica replica = new(_temporary.Data))
        {
            await replica.AskAsync("write later 1");
            replica.Finish();
        }

        File.Copy(
            Path.Combine(old, "journal.db"), Path.Combine(_temporary.Data, "journal.db"), overwrite: true);
        File.Delete(Path.Combine(_temporary.Data, "journal.mark"));

        var wrong = Assert.Throws<StorageException>(() => new KeptReplica(_temporary.Data));

        Assert.Contains("the journal is older than the state", wrong.Message);
    }

    [Fact]
    public async Task An_older_state_beside_a_journal_that_no_longer_reaches_back_is_noticed()
    {
        await FillAsync(endsClean: true);
        string old = _temporary.In("old");
        TemporaryDirectory.Copy(_temporary.Data, old);
        using (KeptReplica replica = new(_temporary.Data, new() { RetainBytes = 0 }))
        {
            await replica.AskAsync("write later 1");
            await replica.AskAsync("write later 2");
            await replica.FoldAsync();
            var journal = replica.Data.Journal;
            await Eventually.TrueAsync(() => journal.FirstRow == journal.LastRow, "rows are deleted");
            replica.Finish();
        }

        File.Copy(Path.Combine(old, "state.db"), Path.Combine(_temporary.Data, "state.db"), overwrite: true);

        var wrong = Assert.Throws<StorageException>(() => new KeptReplica(_temporary.Data));

        Assert.Contains("what lies between is lost", wrong.Message);
    }

    [Fact]
    public async Task A_journal_of_another_server_is_noticed()
    {
        await FillAsync(endsClean: true);
        var options = KeptReplica.OptionsFor(_temporary.In("other")) with { NewInstance = "another" };
        using (KeptReplica other = new(options))
        {
            await other.AskAsync("write x 1");
            other.Finish();
        }

        foreach (string name in new[] { "journal.db", "journal.mark" })
        {
            File.Copy(
                Path.Combine(_temporary.In("other"), name), Path.Combine(_temporary.Data, name),
                overwrite: true);
        }

        Assert.Contains(
            "files of two servers are mixed",
            Assert.Throws<StorageException>(() => new KeptReplica(_temporary.Data)).Message);
    }

    private static byte[] Mixed(byte[] older, byte[] newer, int length)
    {
        byte[] mixed = new byte[Math.Max(older.Length, length)];
        older.CopyTo(mixed, 0);
        newer.AsSpan(0, length).CopyTo(mixed);
        return mixed;
    }

    private static string All(KeptReplica replica) => replica.Turn(Everything).Answer
        + string.Join('|', replica.Turn("status").Answer.Split('\n').Where(line =>
            line.StartsWith("applied ", StringComparison.Ordinal)
            || line.StartsWith("clock ", StringComparison.Ordinal)));

    /// <summary>Whether a server says that it cannot start on that state; otherwise it has
    /// everything.</summary>
    private bool IsFound(string expected, byte[] state, string what)
    {
        string copy = _temporary.In("copy");
        TemporaryDirectory.Copy(_temporary.Data, copy);
        File.WriteAllBytes(Path.Combine(copy, StateFile.Name), state);
        File.Delete(Path.Combine(copy, StateFile.Name + "-wal"));
        File.Delete(Path.Combine(copy, StateFile.Name + "-shm"));

        try
        {
            using KeptReplica replica = new(copy);
            Assert.True(expected == All(replica), $"{what}: lost silently");
            return false;
        }
        catch (StorageException)
        {
            return true;
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    /// <summary>Keys in the saved state, others in the journal only unless it ends clean.</summary>
    /// <returns>All keys.</returns>
    private async Task<string> FillAsync(bool endsClean, bool isLogNeeded = false)
    {
        using KeptReplica replica = new(_temporary.Data);

        // Whoever reads keeps what is in the log out of the file.
        using var reader = isLogNeeded
            ? StateFile.Open(Path.Combine(_temporary.Data, StateFile.Name), Access.Read)
            : null;

        for (int number = 0; number < 100; number++)
        {
            replica.Turn($"write key{number} {new string('v', number)}");
        }

        await replica.FoldAsync();

        for (int number = 50; number < 80; number++)
        {
            await replica.AskAsync($"write key{number} new");
        }

        string everything = replica.Turn(Everything).Answer;

        if (endsClean)
        {
            replica.Finish();
        }

        return everything;
    }
}
