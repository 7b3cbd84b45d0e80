using System.Text;
using CausalStore.Protocol;
using CausalStore.Replication;
using CausalStore.Server.Journal;
using CausalStore.Server.Storage;
using CausalStore.Server.Tests.Kit;

namespace CausalStore.Server.Tests.Journal;

public sealed class SqliteJournalTests : JournalTests, IDisposable
{
    private static readonly StateChanges NoChanges = new Replica(
        new ReplicaOptions { Id = new ServerId(1), Instance = "k7Qm2wXp" }, new Effects { Journaling = true })
        .TakeChanges();

    private readonly TemporaryDirectory _temporary = new();
    private readonly ManualResetEvent _mayCommit = new(initialState: true);
    private readonly DataDirectory _data;
    private readonly SqliteJournal _journal;
    private volatile int _pages = 1_000_000;
    private volatile int _pagesWithReserve = 1_000_000;
    private int _wakes;

    public SqliteJournalTests()
    {
        _data = DataDirectory.Open(KeptReplica.OptionsFor(_temporary.Data));
        _journal = new SqliteJournal(
            _data, new SqliteJournalOptions { SaveBytes = 1000, RetainBytes = 0, PagesMax = PagesMax },
            () => Interlocked.Increment(ref _wakes), TimeProvider.System);
        _journal.Start();
    }

    private protected override IJournal Journal => _journal;

    private string ReservePath => Path.Combine(_temporary.Data, Reserve.Name);

    public void Dispose()
    {
        _mayCommit.Set();
        _pages = _pagesWithReserve = 1_000_000;
        _journal.Stop(changes: null);
        _data.Dispose();
        _temporary.Dispose();
        _mayCommit.Dispose();
    }

    [Fact]
    public async Task The_loop_is_woken_when_a_batch_is_durable()
    {
        int before = Volatile.Read(ref _wakes);

        await DurableAsync(_journal.Append("joined\n"u8));

        await Eventually.TrueAsync(() => Volatile.Read(ref _wakes) > before, "woken");
    }

    [Fact]
    public async Task Nothing_is_durable_before_it_is_committed()
    {
        _mayCommit.Reset();
        long first = _journal.Append("clock 1\n"u8);
        long second = _journal.Append("clock 2\n"u8);

        Assert.Equal(0, _journal.Durable);
        Assert.Equal(second, _journal.Append([]));
        Assert.True(first > 0);

        _mayCommit.Set();
        await DurableAsync(second);
    }

    [Fact]
    public async Task What_is_durable_is_read_again_in_its_order()
    {
        StringBuilder expected = new();

        for (int number = 1; number <= 1000; number++)
        {
            string line = $"clock {number}\n";
            expected.Append(line);
            long batch = _journal.Append(Encoding.UTF8.GetBytes(line));

            if (number % 100 == 0)
            {
                await DurableAsync(batch);
            }
        }

        Assert.Equal($"{expected}", Rows(from: 1));
    }

    [Fact]
    public async Task Lines_that_come_after_a_save_are_in_no_row_that_the_save_covers()
    {
        _mayCommit.Reset();
        _journal.Append("clock 1\n"u8);
        _journal.Save(NoChanges);
        long later = _journal.Append("clock 2\n"u8);
        _mayCommit.Set();
        await DurableAsync(later);
        await Eventually.TrueAsync(() => !_journal.IsFolding, "the save is folded");

        using var state = OpenState();
        Assert.Equal("clock 2\n", Rows(from: state.Folded + 1));
    }

    [Fact]
    public async Task A_save_is_folded_only_when_the_journal_up_to_it_is_durable()
    {
        _mayCommit.Reset();
        long batch = _journal.Append("clock 1\n"u8);
        _journal.Save(NoChanges);

        Assert.True(_journal.IsFolding);
        Assert.False(_journal.WantsChanges);
        using (var state = OpenState())
        {
            Assert.Equal(0, state.Folded);
        }

        _mayCommit.Set();
        await DurableAsync(batch);
        await Eventually.TrueAsync(() => !_journal.IsFolding, "the save is folded");
        using var after = OpenState();
        Assert.Equal(1, after.Folded);
    }

    [Fact]
    public async Task Changes_are_wanted_when_much_is_not_saved_and_when_nothing_more_comes()
    {
        Assert.False(_journal.WantsChanges);

        _journal.Append(Encoding.UTF8.GetBytes($"{new string('x', 1000)}\n"));
        Assert.True(_journal.WantsChanges);
        _journal.Save(NoChanges);
        await Eventually.TrueAsync(() => !_journal.IsFolding, "the save is folded");
        Assert.False(_journal.WantsChanges);

        _journal.Append("clock 1\n"u8);
        Assert.False(_journal.WantsChanges);
        await Eventually.TrueAsync(() => _journal.WantsChanges, "nothing more comes");
    }

    [Fact]
    public async Task Rows_that_are_kept_no_longer_go_but_the_one_up_to_which_is_saved()
    {
        for (int number = 1; number <= 10; number++)
        {
            await DurableAsync(_journal.Append("clock 1\n"u8));
        }

        _journal.Save(NoChanges);
        await DurableAsync(_journal.Append("clock 2\n"u8));

        await Eventually.TrueAsync(() => _data.Journal.FirstRow == 10, "rows 1 to 9 are gone");
        Assert.Equal("clock 1\nclock 2\n", Rows(from: 10));
    }

    [Fact]
    public async Task The_loop_executes_nothing_more_while_the_disk_is_far_behind()
    {
        _mayCommit.Reset();
        Assert.True(_journal.HasRoomFor(0));
        Assert.False(_journal.HasRoomFor(SqliteJournal.WaitingBytesMax));

        long batch = _journal.Append(new byte[SqliteJournal.WaitingBytesMax]);
        Assert.False(_journal.HasRoomFor(0));

        _mayCommit.Set();
        await DurableAsync(batch);
        Assert.True(_journal.HasRoomFor(0));
    }

    [Fact]
    public async Task Where_there_is_no_room_the_reserve_keeps_what_was_taken_in()
    {
        _pagesWithReserve = 3;

        await DurableAsync(_journal.Append(new byte[100_000]));

        Assert.True(_journal.IsFull);
        Assert.False(File.Exists(ReservePath));
        Assert.Null(_journal.Failure);
        Assert.True(_journal.HasRoomFor(0));
    }

    [Fact]
    public async Task Once_there_is_room_for_a_reserve_it_is_full_no_more()
    {
        _pagesWithReserve = 3;
        await DurableAsync(_journal.Append(new byte[100_000]));

        await Eventually.TrueAsync(() => !_journal.IsFull, "it is not full");

        Assert.True(File.Exists(ReservePath));
    }

    [Fact]
    public async Task What_cannot_be_kept_even_so_is_not_durable_until_there_is_room()
    {
        _pages = _pagesWithReserve = 3;
        long batch = _journal.Append(new byte[100_000]);

        await Eventually.TrueAsync(() => _journal.IsFull, "it is full");
        Assert.True(_journal.Durable < batch);
        Assert.Null(_journal.Failure);

        _pages = _pagesWithReserve = 1_000_000;
        await DurableAsync(batch);
    }

    [Fact]
    public async Task Any_other_failure_is_final()
    {
        // The table is gone under its feet, as a disk that fails would have it.
        using (Database other = new(Path.Combine(_temporary.Data, JournalFile.Name), Access.Write))
        {
            other.Execute("DROP TABLE journal");
        }

        long batch = _journal.Append("clock 1\n"u8);
        await Eventually.TrueAsync(() => _journal.Failure is not null, "it says so");

        Assert.Contains("journal.db cannot be kept any more", _journal.Failure);
        Assert.True(_journal.Durable < batch);
    }

    private int PagesMax()
    {
        _mayCommit.WaitOne();
        return File.Exists(ReservePath) ? _pagesWithReserve : _pages;
    }

    private string Rows(long from)
    {
        using var journal = JournalFile.OpenToRead(
            Path.Combine(_temporary.Data, JournalFile.Name), _data.Instance);
        StringBuilder lines = new();
        journal.Read(from, (_, row) => lines.Append(Encoding.UTF8.GetString(row)));
        return $"{lines}";
    }

    private StateFile OpenState() =>
        StateFile.Open(Path.Combine(_temporary.Data, StateFile.Name), Access.Read);
}
