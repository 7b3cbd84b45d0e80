using System.Text.Json;
using System.Text.RegularExpressions;
using CausalStore.Client.Tests.Kit;
using CausalStore.Client.Timeline;

namespace CausalStore.Client.Tests.Timeline;

/// <summary>What ShiViz demands of a log, and what each export is to show; the log is read as ShiViz reads
/// it, and nothing is asked of how it was written.</summary>
public sealed partial class ShivizExportTests
{
    public static TheoryData<string, string> Exports =>
        new(from run in new[] { "causal", "eventual" }
            from clocks in new[] { "Messages", "Applies" }
            select (run, clocks));

    [Theory]
    [MemberData(nameof(Exports))]
    public void Every_line_is_one_that_its_parser_takes(string run, string clocks)
    {
        string log = Export(run, clocks);

        string left = EventOfShiviz().Replace(log, "");

        Assert.Equal("", left.Trim());
        Assert.True(Parse(log).Count > 80);
    }

    [Theory]
    [MemberData(nameof(Exports))]
    public void Every_hosts_own_entry_rises_by_1_from_1(string run, string clocks)
    {
        foreach (var host in Parse(Export(run, clocks)).GroupBy(one => one.Host))
        {
            Assert.Equal(
                Enumerable.Range(1, host.Count()).Select(number => (long)number),
                host.Select(one => one.Clock[host.Key]));
        }
    }

    [Theory]
    [MemberData(nameof(Exports))]
    public void No_entry_ever_falls_or_names_an_event_that_is_not_there(string run, string clocks)
    {
        var events = Parse(Export(run, clocks));
        var lengths = events.GroupBy(one => one.Host).ToDictionary(host => host.Key, host => host.Count());

        foreach (var host in events.GroupBy(one => one.Host))
        {
            Assert.All(host.Zip(host.Skip(1)), pair => Assert.All(
                pair.First.Clock,
                entry => Assert.True(pair.Second.Clock.GetValueOrDefault(entry.Key) >= entry.Value)));
        }

        Assert.All(events.SelectMany(one => one.Clock), entry => Assert.InRange(
            entry.Value, 1, lengths[entry.Key]));
    }

    [Fact]
    public void By_messages_the_late_y_has_its_arrow()
    {
        var events = Parse(Export("causal", "Messages"));
        var arrived = events.Single(one => one.Text == "server 3 receives 2@1 from server 1");
        var before = events.Last(one => one.Host == "server-3" && one.Clock["server-3"]
            == arrived.Clock["server-3"] - 1);

        // ShiViz draws an arrow from the event that an entry names for the first time.
        long raised = arrived.Clock["server-1"];
        Assert.True(raised > before.Clock["server-1"]);
        var sent = events.Single(one => one.Host == "server-1" && one.Clock["server-1"] == raised);
        Assert.Equal("server 1 sends 2@1 to server 3; the link holds it", sent.Text);
    }

    [Fact]
    public void By_messages_every_receipt_has_its_arrow()
    {
        var events = Parse(Export("causal", "Messages"));

        foreach (var host in events.GroupBy(one => one.Host))
        {
            foreach (var (before, one) in host.Zip(host.Skip(1)))
            {
                int raised = one.Clock.Count(entry =>
                    entry.Key != one.Host && entry.Value > before.Clock.GetValueOrDefault(entry.Key));
                Assert.Equal(one.Text.Contains(" receives ") ? 1 : raised, raised);
                Assert.InRange(raised, 0, 1);
            }
        }
    }

    [Fact]
    public void By_applies_no_effect_precedes_its_cause()
    {
        var events = Parse(Export("causal", "Applies"));
        var caused = events.Single(one => one.Text.StartsWith("server 2 accepts z = glad"));
        var cause = events.Single(one => one.Text.StartsWith("server 1 accepts y = found"));
        Assert.True(Precedes(cause, caused));

        foreach (string host in new[] { "server-1", "server-2", "server-3" })
        {
            var effect = Visible(events, host, "z = glad");
            Assert.True(Precedes(Visible(events, host, "y = found"), effect));
            Assert.True(Precedes(cause, effect));
        }
    }

    [Fact]
    public void By_applies_what_only_arrived_is_not_known_yet()
    {
        var events = Parse(Export("causal", "Applies"));
        var written = events.Single(one => one.Text.StartsWith("server 2 accepts z = glad"));
        var delayed = events.Single(one => one.Text.StartsWith("server 3 holds back z = glad"));

        Assert.False(Precedes(written, delayed));
        Assert.True(Precedes(written, Visible(events, "server-3", "z = glad")));
    }

    private sealed record Parsed(string Text, string Host, Dictionary<string, long> Clock);

    private static Parsed Visible(List<Parsed> events, string host, string write) => events.Single(one =>
        one.Host == host
        && (one.Text.Contains($" accepts {write}") || one.Text.Contains($" applies {write}")));

    /// <summary>As vector clocks have it.</summary>
    private static bool Precedes(Parsed one, Parsed other) => one != other
        && one.Clock.All(entry => other.Clock.GetValueOrDefault(entry.Key) >= entry.Value);

    private static string Export(string run, string clocks)
    {
        StringWriter output = new();
        new ShivizExport(TraceScript.LostRing(run), Enum.Parse<ShivizClocks>(clocks)).Write(output);
        return $"{output}";
    }

    private static List<Parsed> Parse(string log) =>
    [
        .. EventOfShiviz().Matches(log).Select(match => new Parsed(
            match.Groups["event"].Value, match.Groups["host"].Value,
            JsonSerializer.Deserialize<Dictionary<string, long>>(match.Groups["clock"].Value)!)),
    ];

    [GeneratedRegex(@"(?<event>.*)\n(?<host>\S*) (?<clock>{.*})")]
    private static partial Regex EventOfShiviz();
}
