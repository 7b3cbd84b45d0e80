using System.Text;
using CausalStore.Client.Shell;
using CausalStore.Protocol;

namespace CausalStore.Client.Tests.Shell;

public sealed class AwaitRequestTests
{
    [Theory]
    [InlineData("await x lost", 10)]
    [InlineData("await x lost 60", 60)]
    [InlineData("await x lost 0.5", 0.5)]
    [InlineData("await x lost 0", 0)]
    public void It_waits_ten_seconds_or_as_told(string line, double seconds) =>
        Assert.Equal(new AwaitRequest("x", "lost", TimeSpan.FromSeconds(seconds)), Parse(line));

    [Fact]
    public void Its_words_are_quoted_as_usual() =>
        Assert.Equal(new AwaitRequest("a b", "", TimeSpan.FromSeconds(10)), Parse("await \"a b\" \"\""));

    [Theory]
    [InlineData("await")]
    [InlineData("await x")]
    [InlineData("await \"\" y")]
    [InlineData("await x lost soon")]
    [InlineData("await x lost -1")]
    [InlineData("await x lost NaN")]
    [InlineData("await x lost 1e9")]
    [InlineData("await x lost 5 more")]
    public void Anything_else_is_malformed(string line) =>
        Assert.Throws<ProtocolException>(() => Parse(line));

    private static AwaitRequest Parse(string line) =>
        AwaitRequest.Parse(new WordSplitter().Split(Encoding.UTF8.GetBytes(line)));
}
