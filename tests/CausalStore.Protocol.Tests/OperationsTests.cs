using CausalStore.Protocol.Tests.Kit;

namespace CausalStore.Protocol.Tests;

public sealed class OperationsTests
{
    [Theory]
    [InlineData("write x lost")]
    [InlineData("write x \"\"")]
    [InlineData("delete x")]
    [InlineData("write x 1 write y \"2 3\" delete z write x 4")]
    [InlineData("write write delete delete write")]
    public void What_is_canonical_comes_back_as_it_was(string line) =>
        Assert.Equal(line, Canonical.OfRequest(line));

    [Theory]
    [InlineData("  write   \"x\"  \"lost\" ", "write x lost")]
    [InlineData(@"write ""\x61\x20b"" ""\x0a\xC3\xBC""", @"write ""a b"" ""\nü""")]
    [InlineData("\"delete\" \"x\"", "delete x")]
    public void What_means_the_same_is_written_the_same(string line, string canonical) =>
        Assert.Equal(canonical, Canonical.OfRequest(line));

    [Theory]
    [InlineData("write", "the key to write is missing")]
    [InlineData("write x", "the value to write is missing")]
    [InlineData("delete", "the key to delete is missing")]
    [InlineData("write x 1 delete", "the key to delete is missing")]
    [InlineData("write x two words", "a value with spaces is written between quotes")]
    [InlineData("delete x y", "expected 'write KEY VALUE' or 'delete KEY'")]
    [InlineData("write \"\" v", "a key has at least one byte")]
    [InlineData("write x 1 delete \"\"", "a key has at least one byte")]
    public void What_is_malformed_is_said(string line, string error) =>
        Assert.Contains(error, Wire.Refused(ErrorCode.Syntax, () => Canonical.OfRequest(line)));

    [Fact]
    public void At_least_one_operation_there_must_be() => Assert.Contains(
        "at least one operation",
        Wire.Refused(ErrorCode.Syntax, () => Operations.Validate(new WordSplitter().Split("x"u8), first: 1)));

    [Fact]
    public void A_key_has_1_to_1024_bytes()
    {
        string longest = new('k', 1024);

        Assert.Equal($"write {longest} v", Canonical.OfRequest($"write {longest} v"));
        Assert.Contains(
            "1025 bytes; it may have 1024",
            Wire.Refused(ErrorCode.TooLarge, () => Canonical.OfRequest($"delete {longest}k")));
    }

    [Fact]
    public void They_are_counted_and_read_one_by_one()
    {
        var words = new WordSplitter().Split("replicate 5@2 0 - write x lost delete y"u8);
        List<string> seen = [];

        foreach (var operation in new Operations(words, first: 4))
        {
            seen.Add($"{operation.IsDelete} {Wire.Text(operation.Key)} {Wire.Text(operation.Value)}");
        }

        Assert.Equal(["False x lost", "True y "], seen);
        Assert.Equal(2, Operations.Validate(words, first: 4));
    }

    [Theory]
    [InlineData("write", true)]
    [InlineData("delete", true)]
    [InlineData("Write", false)]
    [InlineData("writes", false)]
    [InlineData("", false)]
    public void Two_verbs_begin_a_write(string word, bool isVerb) =>
        Assert.Equal(isVerb, Operations.IsVerb(Wire.Bytes(word)));
}
