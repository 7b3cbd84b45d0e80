using CausalStore.Client.Shell;
using static CausalStore.Client.Tests.Kit.Versions;

namespace CausalStore.Client.Tests.Shell;

public sealed class TranscriptTests
{
    private readonly Transcript _transcript = new();

    [Fact]
    public void A_row_of_expectations_checks_the_order()
    {
        _transcript.Add(Line("update y found 2@1"));
        _transcript.Add(Line("update z glad 3@2"));

        Assert.True(_transcript.Expect("y found"u8));
        Assert.True(_transcript.Expect("z glad"u8));
        Assert.False(_transcript.Expect("y found"u8));
    }

    [Fact]
    public void What_was_not_shown_changes_nothing()
    {
        _transcript.Add(Line("update y found 2@1"));

        Assert.False(_transcript.Expect("z glad"u8));
        Assert.True(_transcript.Expect("y found"u8));
    }

    [Fact]
    public void The_oldest_lines_go_when_there_are_too_many()
    {
        _transcript.Add(Line("missing first"));

        for (int number = 0; number < 10_000; number++)
        {
            _transcript.Add(Line("missing later"));
        }

        Assert.False(_transcript.Expect("first"u8));
        Assert.True(_transcript.Expect("later"u8));
    }
}
