using System.Text;
using CausalStore.Server.Journal;
using CausalStore.Server.Tests.Kit;

namespace CausalStore.Server.Tests.Journal;

/// <summary>What every journal promises the loop.</summary>
public abstract class JournalTests
{
    private protected abstract IJournal Journal { get; }

    [Fact]
    public async Task A_batch_becomes_durable()
    {
        long first = Journal.Append("replicate 1@1 0 - write x lost\n"u8);
        long second = Journal.Append("replicate 2@1 1 1@1 write x found\n"u8);

        Assert.True(first <= second);
        await DurableAsync(second);
        Assert.Null(Journal.Failure);
    }

    [Fact]
    public async Task A_batch_that_is_durable_gets_no_more_lines()
    {
        long first = Journal.Append("replicate 1@1 0 - write x lost\n"u8);
        await DurableAsync(first);

        Assert.True(Journal.Append("replicate 2@1 1 1@1 write x found\n"u8) > first);
    }

    [Fact]
    public void A_turn_that_keeps_nothing_waits_for_the_last_that_did()
    {
        long batch = Journal.Append("replicate 1@1 0 - write x lost\n"u8);

        Assert.Equal(batch, Journal.Append([]));
    }

    [Fact]
    public void Nothing_waits_where_nothing_was_ever_kept() =>
        Assert.Equal(Journal.Durable, Journal.Append([]));

    [Fact]
    public async Task A_batch_of_many_megabytes_is_taken()
    {
        string line = new string('x', 999) + "\n";
        byte[] lines = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(line, 20_000)));

        await DurableAsync(Journal.Append(lines));

        Assert.True(Journal.HasRoomFor(0));
        Assert.False(Journal.IsFull);
    }

    private protected Task DurableAsync(long batch) =>
        Eventually.TrueAsync(() => Journal.Durable >= batch, $"batch {batch} is durable; {Journal.Failure}");
}
