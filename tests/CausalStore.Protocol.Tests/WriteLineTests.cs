using System.Text;
using CausalStore.Protocol.Tests.Kit;

namespace CausalStore.Protocol.Tests;

public sealed class WriteLineTests
{
    [Theory]
    [InlineData("replicate 5@2 3 4@1 write x lost", 4)]
    [InlineData("replicate 5@2 0 - write x \"\" delete y", 0)]
    [InlineData("replicate 5@2 9 ..7@1 write x v", 9)]
    public void What_is_canonical_stays_as_it_is(string line, long olderMax)
    {
        Assert.Equal(line, Canonical(line, out long greatest));
        Assert.Equal(olderMax, greatest);
    }

    [Theory]
    [InlineData("replicate  5@2 3 4@1,..1@3 \"write\" \"x\" lost", "replicate 5@2 3 ..1@3,4@1 write x lost")]
    [InlineData("replicate 5@2 3 - write x \"\\x41\"", "replicate 5@2 3 - write x A")]
    [InlineData("replicate 5@2 3 - write x v ", "replicate 5@2 3 - write x v")]
    [InlineData(" replicate 5@2 3 - write x v", "replicate 5@2 3 - write x v")]
    [InlineData("replicate 5@2 3 4@1,..1@3 write x v", "replicate 5@2 3 ..1@3,4@1 write x v")]
    [InlineData("replicate 5@2 3 - write \"x\" v", "replicate 5@2 3 - write x v")]
    public void However_it_came_it_goes_on_in_one_form(string line, string canonical) =>
        Assert.Equal(canonical, Canonical(line, out _));

    [Fact]
    public void A_clients_write_gets_its_version_and_its_needs()
    {
        var words = new WordSplitter().Split("write x \"a b\" delete y"u8);
        var write = WriteLine.Of(Wire.Version("5@2"), previous: 3, "..1@3"u8, words);
        OutputBuffer output = new();

        write.AppendTo(output);

        Assert.Equal(
            "replicate 5@2 3 ..1@3 write x \"a b\" delete y\n", Encoding.UTF8.GetString(output.Written));
        Assert.Equal(
            "replicate 5@2 3 ..1@3 write x \"a b\" delete y", write.ToWrite(new OutputBuffer()).ToString());
    }

    private static string Canonical(string line, out long olderMax)
    {
        OutputBuffer output = new();
        var write = WriteLine.Parse(new WordSplitter().Split(Wire.Bytes(line)));
        write.AppendTo(output);
        olderMax = write.OlderMax;
        return Encoding.UTF8.GetString(output.Written[..^1]);
    }
}
