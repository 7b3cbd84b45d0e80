using CausalStore.Server.Network;

namespace CausalStore.Server.Tests.Network;

public sealed class OutputGateTests
{
    [Fact]
    public void What_is_not_sealed_does_not_leave()
    {
        OutputGate gate = new();

        Assert.Equal(0, gate.Release(durable: 100));
    }

    [Fact]
    public void What_a_turn_appended_leaves_when_its_batch_is_durable()
    {
        OutputGate gate = new();
        gate.Seal(length: 10, batch: 1, durable: 0);

        Assert.Equal(0, gate.Release(durable: 0));
        Assert.Equal(10, gate.Held);
        Assert.Equal(10, gate.Release(durable: 1));
        Assert.Equal(0, gate.Held);
    }

    [Fact]
    public void An_earlier_turn_leaves_while_a_later_one_waits()
    {
        OutputGate gate = new();
        gate.Seal(length: 10, batch: 1, durable: 0);
        gate.Seal(length: 25, batch: 2, durable: 0);

        Assert.Equal(10, gate.Release(durable: 1));
        gate.Sent(10);
        Assert.Equal(0, gate.Release(durable: 1));
        Assert.Equal(15, gate.Release(durable: 2));
    }

    [Fact]
    public void What_is_sent_in_parts_is_counted_from_the_beginning()
    {
        OutputGate gate = new();
        gate.Seal(length: 10, batch: 0, durable: 0);
        Assert.Equal(10, gate.Release(durable: 0));
        gate.Sent(4);
        gate.Seal(length: 6 + 5, batch: 1, durable: 0);

        Assert.Equal(6, gate.Release(durable: 0));
        gate.Sent(6);
        Assert.Equal(5, gate.Release(durable: 1));
    }

    [Fact]
    public void Turns_of_one_batch_leave_together()
    {
        OutputGate gate = new();
        gate.Seal(length: 10, batch: 3, durable: 0);
        gate.Seal(length: 20, batch: 3, durable: 0);

        Assert.Equal(0, gate.Release(durable: 2));
        Assert.Equal(20, gate.Release(durable: 3));
    }

    [Fact]
    public void Bytes_of_a_batch_that_is_durable_do_not_wait_for_a_later_turn()
    {
        OutputGate gate = new();
        gate.Seal(length: 10, batch: 1, durable: 0);
        gate.Seal(length: 20, batch: 2, durable: 0);

        gate.Seal(length: 30, batch: 3, durable: 1);

        Assert.Equal(10, gate.Release(durable: 1));
    }

    [Fact]
    public void What_was_dropped_of_the_output_is_not_waited_for_and_what_stands_there_is_of_this_turn()
    {
        OutputGate gate = new();
        gate.Seal(length: 100, batch: 1, durable: 0);
        gate.Seal(length: 200, batch: 2, durable: 0);
        Assert.Equal(100, gate.Release(durable: 1));
        gate.Sent(10);

        gate.Seal(length: 30, batch: 3, durable: 1);

        Assert.Equal(0, gate.Release(durable: 2));
        Assert.Equal(30, gate.Release(durable: 3));
        gate.Sent(30);
        gate.Seal(length: 5, batch: 4, durable: 1);
        Assert.Equal(0, gate.Release(durable: 3));
        Assert.Equal(5, gate.Release(durable: 4));
        Assert.Equal(0, gate.Held);
    }

    [Fact]
    public void With_many_batches_under_way_nothing_leaves_too_early_and_all_leaves_in_the_end()
    {
        Random random = new(5);
        OutputGate gate = new();
        List<(long Batch, long End)> sealedAt = [];
        long appended = 0;
        long sent = 0;
        long durable = 0;

        for (int batch = 1; batch <= 2000; batch++)
        {
            appended += random.Next(10);
            gate.Seal((int)(appended - sent), batch, durable);
            sealedAt.Add((batch, appended));
            durable = Math.Max(durable, batch - random.Next(5));
            int count = random.Next(gate.Release(durable) + 1);
            gate.Sent(count);
            sent += count;

            Assert.True(sent <= sealedAt.LastOrDefault(at => at.Batch <= durable).End);
        }

        Assert.Equal(appended - sent, gate.Release(2000));
    }
}
