using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Replication.Tests;

public sealed class KeptWritesTests
{
    private readonly KeptWrites _kept = new();
    private readonly WriteLog _log = new(1 << 20, 1 << 20);

    [Fact]
    public void They_stand_in_the_log_in_the_order_of_their_versions()
    {
        Keep("replicate 1@1 0 - write a 1", "replicate 7@2 0 - write b 2", "replicate 3@1 1 - write c 3");

        Move("0-3@1,0-7@2");

        Assert.Equal(
            [
                "replicate 1@1 0 - write a 1\n", "replicate 3@1 1 - write c 3\n",
                "replicate 7@2 0 - write b 2\n",
            ],
            Lines());
        Assert.Empty(_log.Dropped);
    }

    [Fact]
    public void What_is_applied_before_the_first_that_is_kept_is_said_to_be_missing()
    {
        Keep("replicate 7@1 4 - write a 1", "replicate 9@1 7 - write a 2");

        Move("0-9@1");

        Assert.Equal([new(new ServerId(1), 4L)], _log.Dropped);
    }

    [Fact]
    public void A_gap_between_those_that_are_kept_is_said_to_be_missing()
    {
        Keep("replicate 1@1 0 - write a 1", "replicate 9@1 7 - write a 2", "replicate 4@2 0 - write b 1");

        Move("0-9@1,0-4@2");

        Assert.Equal([new(new ServerId(1), 7L)], _log.Dropped);
    }

    [Fact]
    public void What_is_applied_last_and_not_kept_is_said_to_be_missing()
    {
        Keep("replicate 1@1 0 - write a 1");

        Move("0-5@1,0-6@2");

        Assert.Equal(
            [new(new ServerId(1), 5L), new(new ServerId(2), 6L)],
            _log.Dropped.OrderBy(dropped => dropped.Key.Value));
    }

    private void Keep(params string[] lines)
    {
        foreach (string line in lines)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(line);
            _kept.Add(WriteLine.Parse(new WordSplitter().Split(bytes)), bytes);
        }
    }

    private void Move(string applied) =>
        _kept.MoveTo(_log, WriteRange.ParseList(Encoding.UTF8.GetBytes(applied)), TimeSpan.Zero);

    private List<string> Lines()
    {
        List<string> lines = [];

        for (long position = _log.First; position < _log.End; position++)
        {
            lines.Add(Encoding.UTF8.GetString(_log.LineAt(position)));
        }

        return lines;
    }
}
