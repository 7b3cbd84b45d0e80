using CausalStore.Protocol;

namespace CausalStore.Replication.Tests;

public sealed class MembershipTests
{
    private static readonly ServerId One = new(1);
    private static readonly ServerId Two = new(2);
    private static readonly ServerId Three = new(3);

    private readonly Membership _members = new();

    [Fact]
    public void A_member_is_an_id_with_its_instance()
    {
        Record(Two);

        Assert.True(_members.Has(Two, "J2"));
        Assert.False(_members.Has(Two, "Other"));
        Assert.False(_members.Has(Three, "J3"));
        Assert.Equal("J2", _members.Find(Two)!.Instance);
    }

    [Fact]
    public void Of_an_id_the_last_record_counts()
    {
        Record(Two);

        _members.Record(new Member(Two, "J2", new ServerAddress("east", 60002), OtherInstance: "Other"));

        var member = Assert.Single(_members.All);
        Assert.Equal("east:60002", $"{member.Address}");
        Assert.Equal("Other", member.OtherInstance);
    }

    [Fact]
    public void A_forgotten_one_is_no_member_and_its_writes_are_taken_all_the_same()
    {
        Record(Three);
        Record(Two);

        _members.Forget(Three);

        Assert.Equal([Two], _members.All.Select(member => member.Id));
        Assert.True(_members.IsForgotten(Three));
        Assert.True(_members.KnowsOrigin(Three));
        Assert.True(_members.KnowsOrigin(Two));
        Assert.False(_members.KnowsOrigin(new ServerId(4)));
    }

    [Fact]
    public void The_set_of_forgotten_ones_names_each_once()
    {
        _members.Forget(Three);
        _members.Forget(Two);
        _members.Forget(Three);

        Assert.Equal("2,3", $"{_members.ForgottenSet}");
        Assert.Equal([Two, Three], _members.Forgotten);
    }

    // Recorded here, at server 1: the members 2 and 3; forgotten: 9.
    [Theory]
    [InlineData("1=I1,2=J2,3=J3", "9", true)]
    [InlineData("2=J2,3=J3", "9", true)]
    [InlineData("1=Other,2=J2,3=J3", "9", true)]
    [InlineData("1=I1,2=J2", "9", false)]
    [InlineData("1=I1,2=J2,3=Other", "9", false)]
    [InlineData("1=I1,2=J2,3=J3,4=J4", "9", false)]
    [InlineData("1=I1,2=J2,3=J3", "", false)]
    [InlineData("1=I1,2=J2,3=J3", "8,9", false)]
    public void Two_agree_when_they_name_the_very_same(string members, string forgotten, bool agree)
    {
        Record(Two);
        Record(Three);
        _members.Forget(new ServerId(9));
        HeardOnLink heard = new();

        foreach (string[] member in members.Split(',').Select(member => member.Split('=')))
        {
            heard.Members.Add(new ServerId(ushort.Parse(member[0])), member[1]);
        }

        heard.Forgotten.UnionWith(forgotten.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(id => new ServerId(ushort.Parse(id))));

        Assert.Equal(agree, _members.Agrees(heard, self: One, mayBeUnnamed: _ => false));
    }

    [Fact]
    public void One_that_waits_need_not_be_named()
    {
        _members.Record(new Member(new ServerId(2), "J2", default));

        Assert.True(
            _members.Agrees(new HeardOnLink(), self: One, mayBeUnnamed: member => member.Id.Value == 2));
        Assert.False(_members.Agrees(new HeardOnLink(), self: One, mayBeUnnamed: _ => false));
    }

    [Theory]
    [InlineData(1, new int[0], new int[0], 2)]
    [InlineData(1, new[] { 2, 5 }, new int[0], 6)]
    [InlineData(1, new[] { 2 }, new[] { 7 }, 8)]
    [InlineData(9, new[] { 2 }, new[] { 7 }, 10)]
    [InlineData(1, new[] { 65535 }, new[] { 2 }, 3)]
    public void An_id_is_advised_that_nobody_has_or_had(int self, int[] members, int[] forgotten, int unused)
    {
        foreach (int id in members)
        {
            Record(new ServerId((ushort)id));
        }

        foreach (int id in forgotten)
        {
            _members.Forget(new ServerId((ushort)id));
        }

        Assert.Equal(unused, _members.UnusedId(new ServerId((ushort)self)));
    }

    private void Record(ServerId id) =>
        _members.Record(new Member(id, $"J{id}", new ServerAddress("127.0.0.1", 60000 + id.Value)));
}
