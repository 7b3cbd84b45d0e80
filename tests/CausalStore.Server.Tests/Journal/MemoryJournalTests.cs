using CausalStore.Server.Journal;

namespace CausalStore.Server.Tests.Journal;

public sealed class MemoryJournalTests : JournalTests
{
    private protected override IJournal Journal { get; } = new MemoryJournal();

    [Fact]
    public void A_batch_is_as_durable_as_promised_at_once()
    {
        long batch = Journal.Append("replicate 1@1 0 - write x lost\n"u8);

        Assert.Equal(batch, Journal.Durable);
        Assert.False(Journal.WantsChanges);
    }
}
