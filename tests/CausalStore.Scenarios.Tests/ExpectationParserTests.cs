using CausalStore.Protocol;

namespace CausalStore.Scenarios.Tests;

public sealed class ExpectationParserTests
{
    [Fact]
    public void What_is_read_is_a_list_of_keys_and_values()
    {
        var read = Assert.IsType<Expectation.Read>(
            ExpectationParser.Parse(
                """read at carol: x = "a, b", "two words" = "say \"yes\", now", z missing"""));

        Assert.Equal("carol", read.Client);
        Assert.Equal(
            [new("x", "a, b"), new("two words", "say \"yes\", now"), new ExpectedKey("z", null)], read.Keys);
    }

    [Fact]
    public void Pushes_may_be_values_removals_or_none()
    {
        var pushes = Assert.IsType<Expectation.Pushes>(
            ExpectationParser.Parse("pushes at carol: x = lost, y removed"));

        Assert.Equal([new("x", "lost"), new ExpectedKey("y", null)], pushes.Keys);
        Assert.Empty(((Expectation.Pushes)ExpectationParser.Parse("pushes at carol: none")).Keys);
    }

    [Fact]
    public void What_waits_is_a_list_of_keys_or_none()
    {
        Assert.Equal(["y", "z"], ((Expectation.Pending)ExpectationParser.Parse("pending at 3: y, z")).Keys);
        Assert.Empty(((Expectation.Pending)ExpectationParser.Parse("pending at 3: none")).Keys);
    }

    [Fact]
    public void Servers_and_errors_are_expected_by_name()
    {
        Assert.Equal(new Expectation.Serving(4, true), ExpectationParser.Parse("serving at 4"));
        Assert.Equal(new Expectation.Serving(4, false), ExpectationParser.Parse("waiting at 4"));
        Assert.Equal(new Expectation.Error(ErrorCode.NotYet), ExpectationParser.Parse("error not-yet"));
        Assert.Equal(new Expectation.SameEverywhere(), ExpectationParser.Parse("same  everywhere"));
    }

    [Theory]
    [InlineData("", "that cannot be expected; it is 'read at carol: y = found")]
    [InlineData("rain", "that cannot be expected")]
    [InlineData("read at carol", "that cannot be expected")]
    [InlineData("same everywhere: x", "that cannot be expected")]
    [InlineData("read at carol: x", "'x' says nothing of a key; it is 'y = found' or 'z missing'")]
    [InlineData("read at carol: x = a b", "'x = a b' says nothing of a key")]
    [InlineData("read at carol: x removed", "'x removed' says nothing of a key")]
    [InlineData("pushes at carol: x missing", "'x missing' says nothing of a key; it is 'y = found' or")]
    [InlineData("pending at 3: x y", "'x y' is no key")]
    [InlineData("pending at three: x", "'three' is no server")]
    [InlineData("read at 3: x missing", "'3' is no client")]
    [InlineData("error bad", "'bad' is no code of an error; there are syntax,")]
    public void What_cannot_be_expected_is_said(string text, string wrong) => Assert.StartsWith(
        wrong, Assert.Throws<ScenarioException>(() => ExpectationParser.Parse(text)).Message);
}
