using System.Text;
using System.Text.Json;
using CausalStore.Protocol;
using CausalStore.Tracing;

namespace CausalStore.Client.Timeline;

/// <summary>Which knowledge the clocks of <see cref="ShivizExport"/> stand for.</summary>
internal enum ShivizClocks
{
    /// <summary>On receipt only the sender's entry is raised, so that each message has its arrow, also one
    /// whose contents were known.</summary>
    Messages,

    /// <summary>Clocks merge when a write is applied or shown, not when it arrives.</summary>
    Applies,
}

/// <summary>
/// A run for ShiViz: two lines for each event, the text and then the host with its vector clock. Its parser's
/// expression is <c>(?&lt;event&gt;.*)\n(?&lt;host&gt;\S*) (?&lt;clock&gt;{.*})</c>.
/// </summary>
internal sealed class ShivizExport(Run run, ShivizClocks clocks)
{
    private readonly Dictionary<int, Dictionary<string, long>> _clockAt = [];

    public void Write(TextWriter output)
    {
        string[] hosts = Hosts();
        var messages = run.Messages.ToLookup(message => message.To);
        Dictionary<int, Dictionary<string, long>> present = [];
        Dictionary<WriteVersion, int> accepted = [];

        foreach (var one in run.Events)
        {
            string host = hosts[one.Lane];
            var clock = present.TryGetValue(one.Lane, out var last)
                ? new Dictionary<string, long>(last)
                : [];

            foreach (int cause in CausesOf(one, messages[one.Index], accepted))
            {
                Learn(clock, host, hosts[run.Events[cause].Lane], _clockAt[cause]);
            }

            clock[host] = clock.GetValueOrDefault(host) + 1;
            present[one.Lane] = clock;
            _clockAt[one.Index] = clock;

            if (one.Traced is TraceEvent.Accepted(var version, _, _, _))
            {
                accepted.TryAdd(version, one.Index);
            }

            output.Write(OneLine(EventText.Sentence(run.Lanes[one.Lane].Name, one.Traced)));
            output.Write($"\n{host} {JsonSerializer.Serialize(clock)}\n");
        }
    }

    private IEnumerable<int> CausesOf(
        RunEvent one, IEnumerable<Message> arrived, Dictionary<WriteVersion, int> accepted)
    {
        bool isByMessages = clocks == ShivizClocks.Messages;
        var causes = arrived.Where(message => isByMessages || message.Kind != MessageKind.Replication)
            .Select(message => message.From);

        return !isByMessages && one.Traced is TraceEvent.Applied applied
            && accepted.TryGetValue(applied.Version, out int origin)
            ? causes.Append(origin)
            : causes;
    }

    private void Learn(
        Dictionary<string, long> clock, string host, string sender, Dictionary<string, long> sent)
    {
        foreach (var (other, time) in sent)
        {
            if (other != host && (clocks == ShivizClocks.Applies || other == sender))
            {
                clock[other] = Math.Max(clock.GetValueOrDefault(other), time);
            }
        }
    }

    /// <summary>The lanes' names without the spaces that ShiViz does not have in a host.</summary>
    private string[] Hosts()
    {
        List<string> hosts = [];

        foreach (var lane in run.Lanes)
        {
            string wanted = new([.. lane.Name.Select(letter => char.IsWhiteSpace(letter) ? '-' : letter)]);
            string host = wanted;

            for (int number = 2; hosts.Contains(host); number++)
            {
                host = $"{wanted}~{number}";
            }

            hosts.Add(host);
        }

        return [.. hosts];
    }

    private static string OneLine(string text)
    {
        StringBuilder line = new();

        foreach (char letter in text)
        {
            line.Append(char.IsControl(letter) ? ' ' : letter);
        }

        return line.ToString();
    }
}
