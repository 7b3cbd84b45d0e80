using System.Diagnostics;
using System.Text;
using CausalStore.Protocol;
using CausalStore.Replication;
using CausalStore.Server.Narration;
using CausalStore.Server.Tests.Kit;

namespace CausalStore.Server.Tests.Narration;

public sealed class NarratorTests
{
    private static readonly Notice News = new Notice.PeerDisconnected(new ServerId(2));
    private static readonly Notice Warning = new Notice.Cluster("look at this", IsWarning: true);
    private readonly LogLines _log = new();

    [Fact]
    public async Task All_is_told_in_order()
    {
        var narrator = Create(Verbosity.Narrate);

        for (int number = 0; number < 100; number++)
        {
            narrator.Tell([new Notice.Cluster($"{number}", IsWarning: false)]);
        }

        await narrator.DisposeAsync();
        Assert.Equal(Enumerable.Range(0, 100).Select(number => $"{number}"), _log.Lines);
    }

    [Theory]
    [InlineData(Verbosity.Narrate, 2)]
    [InlineData(Verbosity.Warnings, 1)]
    [InlineData(Verbosity.Quiet, 0)]
    public async Task As_much_is_told_as_is_wanted(object verbosity, int lines)
    {
        var narrator = Create((Verbosity)verbosity);

        narrator.Tell([News, Warning]);

        await narrator.DisposeAsync();
        Assert.Equal(lines, _log.Lines.Count);
    }

    [Fact]
    public async Task A_terminal_that_nobody_reads_does_not_hold_up_the_store_and_the_dropped_are_counted()
    {
        _log.IsRead.Reset();
        var narrator = Create(Verbosity.Narrate);
        var notices = Enumerable.Repeat(News, 3 * Narrator.NoticesMax).ToList();
        var watch = Stopwatch.StartNew();

        narrator.Tell(notices);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5));
        Assert.InRange(narrator.Dropped, Narrator.NoticesMax, 2 * Narrator.NoticesMax);
        _log.IsRead.Set();
        await Eventually.TrueAsync(
            () => Lines.Exists(line => line.Contains("messages were dropped")), "the count");
        Assert.Contains(
            $"{narrator.Dropped} messages were dropped here: more happened than can be printed", Lines);
        await narrator.DisposeAsync();
    }

    [Fact]
    public async Task Large_writes_do_not_fill_the_memory_while_they_wait()
    {
        _log.IsRead.Reset();
        var narrator = Create(Verbosity.Narrate);
        byte[] line = Encoding.UTF8.GetBytes("replicate 1@1 0 - write x " + new string('v', 1 << 20));
        var write = Write.Parse(new WordSplitter().Split(line), new OutputBuffer());
        var notice = new Notice.WriteApplied(write, new ServerId(1), null, null);

        narrator.Tell([.. Enumerable.Repeat<Notice>(notice, 100)]);

        Assert.InRange(narrator.Dropped, 80, 90);
        _log.IsRead.Set();
        await narrator.DisposeAsync();
    }

    [Fact]
    public async Task A_terminal_that_nobody_reads_does_not_hold_up_the_end()
    {
        _log.IsRead.Reset();
        var narrator = Create(Verbosity.Narrate);
        narrator.Tell([News]);

        await narrator.DisposeAsync().AsTask().WaitAsync(
            TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Empty(Lines);
        _log.IsRead.Set();
    }

    private List<string> Lines
    {
        get
        {
            lock (_log.Lines)
            {
                return [.. _log.Lines];
            }
        }
    }

    private Narrator Create(Verbosity verbosity)
    {
        Narrator narrator = new(_log.Logger, new Story(_log.Logger, Consistency.Causal), verbosity);
        narrator.Start();
        return narrator;
    }
}
