using System.Text;
using CausalStore.Server.Storage;
using CausalStore.Server.Tests.Kit;

namespace CausalStore.Server.Tests.Storage;

public sealed class JournalFileTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();
    private readonly string _path;
    private readonly JournalFile _journal;

    public JournalFileTests()
    {
        _path = _temporary.In("journal.db");
        JournalFile.Create(_path, "k7Qm2wXp");
        _journal = JournalFile.Open(_path, "k7Qm2wXp", Fsync.Always);
    }

    public void Dispose()
    {
        _journal.Dispose();
        _temporary.Dispose();
    }

    [Theory]
    [InlineData("ab\ncd\n", 100, 6)]
    [InlineData("ab\ncd\n", 5, 3)]
    [InlineData("ab\ncd\n", 3, 3)]
    [InlineData("abcdef\ngh\n", 3, 7)]
    public void Lines_are_never_torn(string lines, int most, int expected) =>
        Assert.Equal(expected, JournalFile.WholeLines(Encoding.UTF8.GetBytes(lines), most));

    [Fact]
    public void Each_segment_has_rows_of_its_own_and_knows_its_last()
    {
        var first = Segment(1, "clock 1\n");
        var second = Segment(2, "clock 2\nclock 3\n");

        _journal.Append([first, second]);

        Assert.Equal((1, 2), (first.LastRow, second.LastRow));
        Assert.Equal([(1, "clock 1\n"), (2, "clock 2\nclock 3\n")], Rows(1));
    }

    [Fact]
    public void A_large_segment_stands_in_several_rows()
    {
        string line = new string('x', 999_999) + "\n";
        var segment = Segment(1, string.Concat(Enumerable.Repeat(line, 10)));

        _journal.Append([segment]);

        Assert.Equal(3, segment.LastRow);
        Assert.Equal(segment.Lines.Length, Rows(1).Sum(row => row.Lines.Length));
        Assert.All(Rows(1), row => Assert.EndsWith("\n", row.Lines));
        Assert.All(Rows(1), row => Assert.True(row.Lines.Length <= JournalFile.RowBytesMax));
    }

    [Fact]
    public void It_goes_on_where_it_ended()
    {
        _journal.Append([Segment(1, "clock 1\n")]);
        _journal.Dispose();

        using var again = JournalFile.Open(_path, "k7Qm2wXp", Fsync.Always);
        again.Append([Segment(1, "clock 2\n")]);

        Assert.Equal((1, 2), (again.FirstRow, again.LastRow));
    }

    [Fact]
    public void Each_commit_is_forced_to_the_disk()
    {
        Assert.SkipUnless(DataSync.IsCheaper, "SQLite does it where the system has no fdatasync");

        _journal.Append([Segment(1, "clock 1\n"), Segment(2, "clock 2\n")]);
        _journal.Append([Segment(3, "clock 3\n")]);

        Assert.Equal(2, _journal.Syncs);
    }

    [Theory]
    [InlineData(nameof(Fsync.EverySecond))]
    [InlineData(nameof(Fsync.Never))]
    public void No_commit_waits_for_the_disk_where_that_is_not_promised(string fsync)
    {
        _journal.Dispose();
        using var journal = JournalFile.Open(_path, "k7Qm2wXp", Enum.Parse<Fsync>(fsync));

        journal.Append([Segment(1, "clock 1\n")]);

        Assert.Equal(0, journal.Syncs ?? 0);
        Assert.True(journal.IsUnsynced);
    }

    [Fact]
    public void What_is_forced_to_the_disk_every_second_is_so_while_somebody_reads_an_old_state()
    {
        _journal.Dispose();
        using var journal = JournalFile.Open(_path, "k7Qm2wXp", Fsync.EverySecond);
        using var reader = JournalFile.OpenToRead(_path, "k7Qm2wXp");
        journal.Append([Segment(1, "clock 1\n")]);

        journal.Checkpoint();

        Assert.Equal(1, journal.Syncs);
        Assert.False(journal.IsUnsynced);
    }

    [Fact]
    public void A_row_that_is_missing_is_noticed()
    {
        for (int number = 1; number <= 3; number++)
        {
            _journal.Append([Segment(number, "clock 1\n")]);
        }

        Change("DELETE FROM journal WHERE row = 2");

        Assert.Contains(
            "row 2 of journal.db is missing", Assert.Throws<StorageException>(() => Rows(1)).Message);
    }

    [Fact]
    public void A_row_that_is_another_is_noticed()
    {
        _journal.Append([Segment(1, "clock 1\n")]);

        Change("UPDATE journal SET lines = CAST('clock 2' || char(10) AS BLOB)");

        Assert.Contains("its checksum differs", Assert.Throws<StorageException>(() => Rows(1)).Message);
    }

    [Fact]
    public void As_many_of_the_newest_rows_are_found_as_a_log_can_hold()
    {
        for (int number = 1; number <= 10; number++)
        {
            _journal.Append([Segment(number, "clock 1\n")]);
        }

        Assert.Equal(11, _journal.FirstRowWithin(bytes: 17, lineCost: 10, upTo: 10));
        Assert.Equal(8, _journal.FirstRowWithin(bytes: 40, lineCost: 5, upTo: 10));
        Assert.Equal(1, _journal.FirstRowWithin(bytes: 1000, lineCost: 5, upTo: 10));
        Assert.Equal(5, _journal.FirstRowWithin(bytes: 13, lineCost: 5, upTo: 5));
    }

    private static JournalSegment Segment(long batch, string lines)
    {
        JournalSegment segment = new(batch);
        segment.Append(Encoding.UTF8.GetBytes(lines));
        return segment;
    }

    private void Change(string sql)
    {
        using Database other = new(_path, Access.Write);
        other.Execute(sql);
    }

    private List<(long Row, string Lines)> Rows(long from)
    {
        List<(long Row, string Lines)> rows = [];
        _journal.Read(from, (row, lines) => rows.Add((row, Encoding.UTF8.GetString(lines))));
        return rows;
    }
}
