using System.Text;
using CausalStore.Tracing;

namespace CausalStore.Client.Timeline;

/// <summary>A space-time diagram of characters: a column for each lane, a row for each mark, the sentence
/// beside it.</summary>
internal sealed class TextDiagram
{
    private const int LaneWidthMin = 8;
    private const int TimeWidth = 10;

    private readonly Run _run;
    private readonly int _laneWidth;
    private readonly ILookup<int, Message> _messages;
    private readonly HashSet<int> _waiting = [];
    private readonly Dictionary<int, Anomaly> _anomalies;
    private readonly (int First, int Last)[] _spans;

    public TextDiagram(Run run)
    {
        _run = run;
        _laneWidth = Math.Max(LaneWidthMin, run.Lanes.Max(lane => lane.Name.Length) + 1);
        _messages = run.Messages.ToLookup(message => run.Events[message.To].Mark);
        _anomalies = run.Anomalies.GroupBy(anomaly => anomaly.Event)
            .ToDictionary(group => group.Key, group => group.First());
        _spans =
        [
            .. run.Lanes.Select(lane => (
                run.Lives.Where(life => life.Lane == lane.Index).Min(life => life.First),
                run.Lives.Where(life => life.Lane == lane.Index).Max(life => life.Last))),
        ];
    }

    public void Write(TextWriter output)
    {
        string heads = string.Concat(_run.Lanes.Select(lane => lane.Name.PadRight(_laneWidth)));
        output.WriteLine($"{"",TimeWidth} {heads}".TrimEnd());
        var delays = _run.Delays.ToDictionary(delay => delay.From);
        var releases = _run.Delays.Where(delay => delay.To is not null)
            .ToDictionary(delay => delay.To!.Value);

        foreach (var mark in _run.Events.Where(one => one.IsMark))
        {
            if (releases.TryGetValue(mark.Index, out var over))
            {
                _waiting.Remove(over.From);
            }

            output.WriteLine($"{mark.Time.TotalSeconds,TimeWidth - 2:0.000} s {Row(mark)} {Say(mark)}");

            if (delays.TryGetValue(mark.Index, out var begun))
            {
                _waiting.Add(begun.From);
            }
        }

        output.WriteLine();
        output.WriteLine("● an event   ├──▶ a message   ◆ a write that must wait, ┃ while it does"
            + (_anomalies.Count > 0 ? "   ▲ an effect before its cause" : ""));
    }

    private string Row(RunEvent mark)
    {
        var row = new char[_laneWidth * _run.Lanes.Count];
        Array.Fill(row, ' ');

        foreach (var lane in _run.Lanes)
        {
            bool isThere = _spans[lane.Index].First <= mark.Index && mark.Index <= _spans[lane.Index].Last;
            bool isWaiting = _waiting.Any(from => _run.Events[from].Lane == lane.Index);
            row[lane.Index * _laneWidth] = isWaiting ? '┃' : isThere ? '│' : ' ';
        }

        foreach (var message in _messages[mark.Index])
        {
            Draw(row, _run.Events[message.From].Lane, mark.Lane);
        }

        row[mark.Lane * _laneWidth] = mark.Traced is TraceEvent.Delayed ? '◆'
            : _anomalies.ContainsKey(mark.Index) ? '▲'
            : '●';
        return new string(row);
    }

    private void Draw(char[] row, int from, int to)
    {
        int start = from * _laneWidth;
        int end = to * _laneWidth;
        int step = Math.Sign(end - start);

        if (step == 0)
        {
            return;
        }

        for (int column = start + step; column != end; column += step)
        {
            row[column] = row[column] is '│' or '┃' or '┼' ? '┼' : '─';
        }

        row[start] = step > 0 ? '├' : '┤';
        row[end - step] = step > 0 ? '▶' : '◀';
    }

    private string Say(RunEvent mark)
    {
        StringBuilder text = new(EventText.Sentence(_run.Lanes[mark.Lane].Name, mark.Traced));

        foreach (var message in _messages[mark.Index])
        {
            var took = mark.Time - _run.Events[message.From].Time;

            if (message.Kind == MessageKind.Replication && took > TimeSpan.FromMilliseconds(100))
            {
                text.Append($" (on its way for {EventText.Seconds(took)})");
            }
        }

        return _anomalies.TryGetValue(mark.Index, out var anomaly)
            ? $"{text}: before its cause {anomaly.Missing}, which is not here"
            : $"{text}";
    }
}
