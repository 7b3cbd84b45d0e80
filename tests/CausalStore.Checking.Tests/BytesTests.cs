namespace CausalStore.Checking.Tests;

public sealed class BytesTests
{
    [Fact]
    public void Text_and_its_bytes_are_the_same()
    {
        Assert.Equal(Bytes.FromText("é"), Bytes.From([0xC3, 0xA9]));
        Assert.Equal([0xC3, 0xA9], Bytes.FromText("é").ToArray());
        Assert.Equal("é", Bytes.From([0xC3, 0xA9]).ToString());
    }

    [Fact]
    public void Bytes_that_are_no_text_are_kept_and_shown_as_numbers()
    {
        var bytes = Bytes.From([0x61, 0xFF, 0x00]);

        Assert.False(bytes.TryGetText(out _));
        Assert.Equal("a\\xFF\\x00", bytes.ToString());
        Assert.Equal([0x61, 0xFF, 0x00], bytes.ToArray());
    }

    [Fact]
    public void The_order_is_that_of_the_bytes()
    {
        Assert.True(Bytes.FromText("z") < Bytes.FromText("é"));
        Assert.True(Bytes.From([0xEE]) < Bytes.From([0xF0]));
        Assert.True(Bytes.FromText("\uFFFD") < Bytes.FromText("\U00010000"));
    }
}
