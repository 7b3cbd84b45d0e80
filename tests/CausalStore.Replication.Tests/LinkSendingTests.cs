using CausalStore.Protocol;
using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class LinkSendingTests
{
    private static readonly byte[] Found = Parse.Write("replicate 2@1 1 1@1 write y found").Line.ToArray();

    private readonly LinkSending _sending = new();

    [Fact]
    public void It_begins_where_the_log_begins_and_owes_what_is_delayed_of_forgotten_servers()
    {
        _sending.Restart(first: 7);

        Assert.Equal((7, 7, 7), (_sending.OwnNext, _sending.RelayNext, _sending.ForgottenNext));
        Assert.True(_sending.OwesDelayedOfForgotten);
    }

    [Fact]
    public void When_others_are_forgotten_only_what_is_held_of_them_is_offered_anew()
    {
        _sending.Restart(first: 7);
        _sending.OwnNext = 9;
        _sending.RelayNext = 8;
        _sending.ForgottenNext = 9;
        _sending.OwesDelayedOfForgotten = false;
        _sending.ForgottenSent.Add(Parse.Version("2@1"));

        _sending.RestartForgotten(first: 7);

        Assert.Equal((9, 8, 7), (_sending.OwnNext, _sending.RelayNext, _sending.ForgottenNext));
        Assert.True(_sending.OwesDelayedOfForgotten);
        Assert.Empty(_sending.ForgottenSent);
    }

    [Fact]
    public void A_write_that_is_held_is_known_by_its_version()
    {
        Hold(Have("..1@1"), at: 1);
        Hold(new HeldLine(null, Found), at: 2);

        Assert.Equal(TimeSpan.FromSeconds(2), _sending.HeldSince(Parse.Version("2@1")));
        Assert.Null(_sending.HeldSince(Parse.Version("2@11")));
        Assert.Null(_sending.HeldSince(Parse.Version("1@1")));
    }

    [Fact]
    public void What_is_held_is_let_go_in_order()
    {
        Hold(Have("..1@1"), at: 1);
        Hold(new HeldLine(null, Found), at: 2);
        Hold(new HeldLine(new PeerMessage.Join(), null), at: 3);

        Assert.Equal(TimeSpan.FromSeconds(1), _sending.OldestHeldAt);
        Assert.False(_sending.OldestIsWrite);
        Assert.IsType<PeerMessage.Have>(_sending.TakeOldestHeld().Message);
        Assert.Equal(TimeSpan.FromSeconds(2), _sending.OldestHeldAt);
        Assert.True(_sending.OldestIsWrite);
        Assert.Same(Found, _sending.TakeOldestHeld().Write);
        Assert.IsType<PeerMessage.Join>(_sending.TakeOldestHeld().Message);
        Assert.False(_sending.IsHolding);
    }

    [Fact]
    public void What_is_held_costs_memory_until_it_goes()
    {
        Hold(new HeldLine(null, Found), at: 1);
        long one = _sending.HeldBytes;
        Hold(Have("..1@1"), at: 2);

        Assert.Equal(Found.Length, one);
        Assert.True(_sending.HeldBytes > one);

        _sending.DropHeldHave();
        Assert.Equal(one, _sending.HeldBytes);
        _sending.TakeOldestHeld();
        Assert.Equal(0, _sending.HeldBytes);
    }

    [Fact]
    public void A_have_that_stands_last_is_dropped_for_a_later_one()
    {
        Hold(new HeldLine(null, Found), at: 1);
        Hold(Have("..1@1"), at: 2);

        _sending.DropHeldHave();
        Hold(Have("..2@1"), at: 3);

        Assert.Same(Found, _sending.TakeOldestHeld().Write);
        Assert.Equal(Have("..2@1").ToString(), _sending.TakeOldestHeld().ToString());
        Assert.False(_sending.IsHolding);
    }

    [Fact]
    public void A_have_is_not_dropped_from_between_other_lines()
    {
        Hold(Have("..1@1"), at: 1);
        Hold(new HeldLine(null, Found), at: 2);

        _sending.DropHeldHave();

        Assert.IsType<PeerMessage.Have>(_sending.TakeOldestHeld().Message);
        Assert.Same(Found, _sending.TakeOldestHeld().Write);
        _sending.DropHeldHave();
        Assert.False(_sending.IsHolding);
    }

    private static HeldLine Have(string context) => new(new PeerMessage.Have(Parse.Context(context)), null);

    private void Hold(HeldLine line, double at) => _sending.Hold(line, TimeSpan.FromSeconds(at));
}
