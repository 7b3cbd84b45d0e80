using CausalStore.Server.Storage;

namespace CausalStore.Server.Tests.Storage;

public sealed class BootTests
{
    [Theory]
    [InlineData("id a", "id a", true)]
    [InlineData("id a", "id b", false)]
    [InlineData("time 1000000", "time 1000060", true)]
    [InlineData("time 1000000", "time 1000600", false)]
    [InlineData("time 1000000", "id a", false)]
    [InlineData("", "id a", false)]
    public void Two_boots_are_told_apart(string one, string other, bool same) =>
        Assert.Equal(same, Boot.AreSame(one, other));

    [Fact]
    public void A_machine_that_is_up_has_one_boot() =>
        Assert.True(Boot.AreSame(Boot.Current(TimeProvider.System), Boot.Current(TimeProvider.System)));
}
