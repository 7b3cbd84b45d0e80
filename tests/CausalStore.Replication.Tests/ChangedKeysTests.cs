namespace CausalStore.Replication.Tests;

public sealed class ChangedKeysTests
{
    private readonly ChangedKeys _changed = new();

    [Fact]
    public void Each_is_taken_once_however_often_it_was_noted_and_in_rising_order()
    {
        foreach (int number in (int[])[700, 63, 64, 0, 63, 700, 5])
        {
            _changed.Note(number);
        }

        Assert.Equal([0, 5, 63, 64, 700], _changed.Take().Numbers);
        Assert.Empty(_changed.Take().Numbers);
    }

    [Fact]
    public void What_is_noted_after_a_taking_is_in_the_next_one()
    {
        _changed.Note(1);
        _changed.NoteRemoved("gone"u8);
        Assert.Equal("gone"u8.ToArray(), Assert.Single(_changed.Take().Removed));

        _changed.Note(1);

        Assert.Equal([1], _changed.Take().Numbers);
        Assert.Empty(_changed.Take().Removed);
    }

    [Fact]
    public void Cleared_it_has_nothing()
    {
        _changed.Note(1000);
        _changed.NoteRemoved("gone"u8);

        _changed.Clear();

        Assert.Empty(_changed.Take().Numbers);
        Assert.Empty(_changed.Take().Removed);
    }
}
