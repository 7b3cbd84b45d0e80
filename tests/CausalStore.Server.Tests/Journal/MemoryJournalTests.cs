using CausalStore.Server.Journal;

namespace CausalStore.Server.Tests.Journal;

public sealed class MemoryJournalTests
{
    [Fact]
    public void A_batch_is_as_durable_as_promised_at_once()
    {
        MemoryJournal journal = new();

        long first = journal.Append("replicate 1@1 0 - write x lost\n"u8);
        long second = journal.Append("replicate 2@1 1 1@1 write x found\n"u8);

        Assert.True(first < second);
        Assert.Equal(second, journal.Durable);
    }

    [Fact]
    public void A_turn_that_keeps_nothing_waits_for_the_last_that_did()
    {
        MemoryJournal journal = new();
        long batch = journal.Append("replicate 1@1 0 - write x lost\n"u8);

        Assert.Equal(batch, journal.Append([]));
    }
}
