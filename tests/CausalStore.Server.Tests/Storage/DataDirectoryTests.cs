using CausalStore.Protocol;
using CausalStore.Server.Storage;
using CausalStore.Server.Tests.Kit;

namespace CausalStore.Server.Tests.Storage;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();

    private StorageOptions Options => KeptReplica.OptionsFor(_temporary.Data);

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task The_instance_is_made_once_and_kept()
    {
        using (KeptReplica replica = new(Options))
        {
            Assert.Equal("k7Qm2wXp", replica.Data.Instance);
            await replica.AskAsync("write x lost");
        }

        using KeptReplica again = new(Options with { NewInstance = "another" });
        Assert.Equal("k7Qm2wXp", again.Data.Instance);
        Assert.Equal("value x lost 1@1", again.Turn("read x").Answer);
    }

    [Fact]
    public void Nobody_else_runs_on_a_directory_that_is_in_use()
    {
        using var first = DataDirectory.Open(Options);

        Assert.Contains("another server is running on it", Refused(Options));
    }

    [Fact]
    public void It_is_free_again_afterwards()
    {
        DataDirectory.Open(Options).Dispose();
        DataDirectory.Open(Options).Dispose();
    }

    [Fact]
    public void An_id_belongs_to_its_data()
    {
        DataDirectory.Open(Options).Dispose();

        string wrong = Refused(Options with { Id = new ServerId(2) });

        Assert.Contains("the data are those of server 1", wrong);
        Assert.Contains("Start with --id 1", wrong);
    }

    [Theory]
    [InlineData(Consistency.Causal, Consistency.Eventual, "an eventual one would spoil them")]
    [InlineData(Consistency.Eventual, Consistency.Causal, "not causally closed")]
    public void Causal_and_eventual_data_do_not_mix(Consistency made, Consistency started, string expected)
    {
        DataDirectory.Open(Options with { Consistency = made }).Dispose();

        Assert.Contains(expected, Refused(Options with { Consistency = started }));
    }

    [Theory]
    [InlineData(StateFile.Name)]
    [InlineData(JournalFile.Name)]
    public void Data_of_a_newer_version_are_left_alone(string name)
    {
        DataDirectory.Open(Options).Dispose();
        using (Database file = new(Path.Combine(_temporary.Data, name), Access.Write))
        {
            file.Execute("PRAGMA user_version = 2");
        }

        string wrong = Refused(Options);

        Assert.Contains("has format 2; this server knows formats up to 1", wrong);
        Assert.Contains("A newer version has written it", wrong);
    }

    [Fact]
    public void A_directory_that_cannot_be_made_is_a_clear_error()
    {
        File.WriteAllText(_temporary.Data, "a file");

        Assert.Contains("--data DIR", Refused(Options));
    }

    [Theory]
    [InlineData("everysec")]
    [InlineData("never")]
    public async Task Weakly_kept_data_do_not_start_after_the_machine_went_down(string fsync)
    {
        await RunAsync(Weak(fsync), endsClean: false);

        string wrong = Refused(Options with { Boot = "id elsewhere" });

        Assert.Contains($"--fsync {fsync}, and the machine went down since", wrong);
        Assert.Contains("'forget 1'", wrong);
        Assert.Contains("--id 2", wrong);
        Assert.Contains("restore --from FILE", wrong);
    }

    [Theory]
    [InlineData("everysec", "id here", false)]
    [InlineData("never", "id here", false)]
    [InlineData("everysec", "id elsewhere", true)]
    [InlineData("never", "id elsewhere", true)]
    [InlineData("always", "id elsewhere", false)]
    public async Task Data_that_cannot_have_lost_anything_start(string fsync, string boot, bool endsClean)
    {
        await RunAsync(Weak(fsync), endsClean);

        using KeptReplica again = new(Options with { Boot = boot });

        Assert.Equal("value x lost 1@1", again.Turn("read x").Answer);
    }

    [Fact]
    public async Task A_weak_run_that_was_taken_over_by_a_strong_one_counts_no_more()
    {
        await RunAsync(Weak("never"), endsClean: false);
        await RunAsync(Options, endsClean: false);

        new KeptReplica(Options with { Boot = "id elsewhere" }).Dispose();
    }

    [Fact]
    public void A_start_that_was_cut_off_before_there_was_anything_begins_anew()
    {
        DataDirectory.Open(Options).Dispose();
        File.Delete(Path.Combine(_temporary.Data, StateFile.Name));

        using var again = DataDirectory.Open(Options with { NewInstance = "another" });

        Assert.Equal("another", again.Instance);
    }

    private StorageOptions Weak(string fsync) =>
        Options with { Fsync = Enum.GetValues<Fsync>().Single(policy => FsyncPromise.Word(policy) == fsync) };

    private static async Task RunAsync(StorageOptions options, bool endsClean)
    {
        using KeptReplica replica = new(options, new() { Fsync = options.Fsync });
        await replica.AskAsync("write x lost");

        if (endsClean)
        {
            replica.Finish();
        }
    }

    private static string Refused(StorageOptions options) =>
        Assert.Throws<StorageException>(() => DataDirectory.Open(options)).Message;
}
