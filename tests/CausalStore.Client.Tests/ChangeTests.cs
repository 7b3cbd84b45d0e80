namespace CausalStore.Client.Tests;

public sealed class ChangeTests
{
    [Fact]
    public void A_delete_has_no_value_and_a_write_may_have_an_empty_one()
    {
        Assert.Null(Change.Delete("x").Value);
        Assert.Equal("", Change.Write("x", "").Value);
    }
}
