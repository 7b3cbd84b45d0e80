using CausalStore.Protocol;
using CausalStore.Server.Storage;
using CausalStore.Server.Tests.Kit;

namespace CausalStore.Server.Tests.Storage;

public sealed class BackupTests : IDisposable
{
    private const string Everything = "scan \"\"";
    private static readonly string Value = new('v', 100);
    private readonly TemporaryDirectory _temporary = new();
    private readonly ServerId _new = new(2);

    private string File => _temporary.In("backup");

    private string Restored => _temporary.In("restored");

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task A_backup_of_a_running_server_has_all_that_was_acknowledged()
    {
        string everything;
        using (KeptReplica replica = new(_temporary.Data))
        {
            await replica.AskAsync("write folded 1");
            await replica.FoldAsync();
            await replica.AskAsync("write journaled 2");
            await replica.AskAsync("delete folded");
            everything = replica.Turn(Everything).Answer;

            Backup.Write(_temporary.Data, File);
            await replica.AskAsync("write later 3");
        }

        Restore.From(File, Restored, _new, "newname");

        using KeptReplica restored = new(KeptReplica.OptionsFor(Restored) with { Id = _new });
        Assert.Equal(everything, restored.Turn(Everything).Answer);
    }

    [Fact]
    public async Task Backups_taken_while_it_writes_and_folds_are_each_one_moment()
    {
        using KeptReplica replica = new(
            _temporary.Data, new() { SaveBytes = 1, RetainBytes = 0 });
        await replica.AskAsync("write a 0 write b 0");
        using CancellationTokenSource stop = new();
        var writing = Task.Run(
            () =>
            {
                // Every write is atomic over both keys: a torn backup would show it.
                for (int number = 1; !stop.IsCancellationRequested; number++)
                {
                    replica.Turn($"write a {number} write b {number} write k{number % 1000} {Value}");

                    if (replica.Journal.WantsChanges)
                    {
                        replica.Save();
                    }
                }
            },
            TestContext.Current.CancellationToken);

        for (int round = 1; round <= 10; round++)
        {
            string file = _temporary.In($"backup{round}");
            Backup.Write(_temporary.Data, file);
            Restore.From(file, _temporary.In($"restored{round}"), _new, "newname");
            var options = KeptReplica.OptionsFor(_temporary.In($"restored{round}")) with { Id = _new };
            using KeptReplica restored = new(options);
            string[] answers = restored.Turn("read a b").Answer.Split('\n');
            Assert.Equal(answers[0].Replace("value a ", ""), answers[1].Replace("value b ", ""));
        }

        await stop.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task What_is_there_is_not_overwritten()
    {
        using KeptReplica replica = new(_temporary.Data);
        await replica.AskAsync("write x 1");
        System.IO.File.WriteAllText(File, "precious");

        Assert.Contains(
            "is there already",
            Assert.Throws<StorageException>(() => Backup.Write(_temporary.Data, File)).Message);
        Assert.Equal("precious", System.IO.File.ReadAllText(File));

        Backup.Write(_temporary.Data, _temporary.In("other"));
        Assert.Contains(
            "is not empty",
            Assert.Throws<StorageException>(
                () => Restore.From(_temporary.In("other"), _temporary.Data, _new, "newname")).Message);
    }

    [Fact]
    public void A_backup_of_nothing_is_refused() => Assert.Contains(
        "has no data of a server",
        Assert.Throws<StorageException>(() => Backup.Write(_temporary.Data, File)).Message);

    [Fact]
    public async Task A_backup_that_cannot_be_written_is_said_to_be()
    {
        using KeptReplica replica = new(_temporary.Data);
        await replica.AskAsync("write x 1");
        string[] places = [_temporary.In("nowhere/file"), Path.Combine(_temporary.Data, "lock/file")];

        foreach (string place in places)
        {
            Assert.StartsWith(
                $"{place} cannot be written: ",
                Assert.Throws<StorageException>(() => Backup.Write(_temporary.Data, place)).Message);
        }

        Assert.Contains(
            "is there already",
            Assert.Throws<StorageException>(() => Backup.Write(_temporary.Data, _temporary.Data)).Message);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_made_is_not_blamed_on_the_backup()
    {
        await BackUpAsync();
        System.IO.File.WriteAllText(_temporary.In("taken"), "a file");
        string impossible = Path.Combine(_temporary.In("taken"), "server-2");

        string wrong = Assert.Throws<StorageException>(
            () => Restore.From(File, impossible, _new, "newname")).Message;

        Assert.StartsWith($"{impossible} cannot be made: ", wrong);
        Assert.EndsWith("Name another --data", wrong);
    }

    [Fact]
    public void What_is_no_file_is_no_backup()
    {
        string from = _temporary.In("directory");
        Directory.CreateDirectory(from);

        Assert.Contains(
            "it is a directory; name a file that 'backup' has written",
            Assert.Throws<StorageException>(() => Restore.From(from, Restored, _new, "newname")).Message);
        Assert.Contains(
            "it is not there",
            Assert.Throws<StorageException>(() => Restore.From(File, Restored, _new, "newname")).Message);
    }

    [Fact]
    public async Task A_restored_server_has_a_new_id_and_founds_a_new_cluster()
    {
        await BackUpAsync();

        string wrong = Assert.Throws<StorageException>(
            () => Restore.From(File, Restored, new ServerId(1), "newname")).Message;
        Assert.Contains("id 1 belongs to a server of the cluster that was saved", wrong);
        Assert.Contains("--id 2", wrong);
        Assert.False(Directory.Exists(Restored));

        Restore.From(File, Restored, _new, "newname");
        using KeptReplica restored = new(KeptReplica.OptionsFor(Restored) with { Id = _new });
        string[] status = restored.Turn("status").Answer.Split('\n');
        Assert.Contains("instance newname", status);
        Assert.Contains("cluster newname", status);
        Assert.Contains("state serving", status);
        Assert.Contains("forgotten 1", status);
        Assert.Equal("ok 2@2", await restored.AskAsync("write x again"));
    }

    [Fact]
    public async Task Something_else_is_no_backup()
    {
        await BackUpAsync();

        string[] others = [Path.Combine(_temporary.Data, StateFile.Name), typeof(Backup).Assembly.Location];

        foreach (string other in others)
        {
            Assert.Contains(
                "backup",
                Assert.Throws<StorageException>(
                    () => Restore.From(other, Restored, _new, "newname")).Message);
            Assert.False(Directory.Exists(Restored));
        }
    }

    [Fact]
    public async Task A_damaged_backup_is_found_out()
    {
        await BackUpAsync();
        byte[] bytes = System.IO.File.ReadAllBytes(File);
        int position = bytes.AsSpan().IndexOf("precious"u8);
        bytes[position] ^= 1;
        System.IO.File.WriteAllBytes(File, bytes);

        Assert.Contains(
            "checksum",
            Assert.Throws<StorageException>(() => Restore.From(File, Restored, _new, "newname")).Message);
        Assert.False(Directory.Exists(Restored) && Directory.EnumerateFiles(Restored).Any());
    }

    private async Task BackUpAsync()
    {
        using KeptReplica replica = new(_temporary.Data);
        await replica.AskAsync("write x precious");
        Backup.Write(_temporary.Data, File);
    }
}
