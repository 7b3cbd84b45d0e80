using System.Net;
using CausalStore.Tracing;

namespace CausalStore.Client.Timeline;

/// <summary>Runs as one picture for slides, side by side: what the page shows, without what moves.</summary>
internal sealed class SvgDrawing(IReadOnlyList<Run> runs)
{
    private const double Axis = 96;
    private const double LaneStep = 116;
    private const double Margin = 120;
    private const double HeadHeight = 62;
    private const int TextMax = 26;
    private const double LetterWidth = 6.1;
    private const double RoomAtLeast = 92;

    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(500);

    private static readonly string[] Colours =
        ["#3867d6", "#11895f", "#9b3fc4", "#c93f7c", "#0a87a6", "#6d8420", "#a4572b", "#5b6478"];

    private readonly Dictionary<string, string> _colours = [];
    private TextWriter _output = TextWriter.Null;

    public void Write(TextWriter output)
    {
        _output = output;
        var layouts = runs.Select(Layout.Of).ToList();
        double width = runs.Sum(WidthOf);
        double height = HeadHeight + layouts.Max(layout => layout.RealHeight);
        ChooseColours();

        Put($"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}'"
            + $" width='{width}' height='{height}' font-family='system-ui, DejaVu Sans, sans-serif'"
            + " font-size='12'>");
        Put("<style>text{paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}</style>");
        Put($"<rect width='{width}' height='{height}' fill='#fff'/>");
        double left = 0;

        foreach (var (run, layout) in runs.Zip(layouts))
        {
            Put($"<g transform='translate({left} {HeadHeight})'>");
            new Drawing(this, run, layout).Draw();
            Put("</g>");
            left += WidthOf(run);
        }

        Put("</svg>");
    }

    private static double WidthOf(Run run) => Axis + RoomOf(run) + (LaneStep * run.Lanes.Count) + Margin;

    /// <summary>What the longest label left of the first lane needs beyond the axis, so that it hides no
    /// times.</summary>
    private static double RoomOf(Run run)
    {
        var labels = run.Events.Where(one => one is { IsMark: true, Lane: 0 } && !run.Lanes[0].IsServer)
            .Select(one => Math.Min(EventText.Label(isServer: false, one.Traced).Length, TextMax));
        return Math.Max(0, Math.Round((labels.DefaultIfEmpty(0).Max() * LetterWidth) - RoomAtLeast));
    }

    private void ChooseColours()
    {
        var events = runs.SelectMany(run => run.Events);
        var written = events.Where(one => one.Traced is TraceEvent.Accepted or TraceEvent.Applied);

        foreach (string key in written.Concat(events).SelectMany(one => one.Keys))
        {
            _colours.TryAdd(key, Colours[_colours.Count % Colours.Length]);
        }
    }

    private string ColourOf(RunEvent one) =>
        one.Keys.FirstOrDefault() is { } key ? _colours[key] : "#6a6f7a";

    private void Put(string element) => _output.Write(element + "\n");

    private sealed class Drawing(SvgDrawing page, Run run, Layout layout)
    {
        private const string Server = "#8d9099";
        private const string Wait = "#d98a1b";
        private const string Wrong = "#cf3354";

        private readonly double _lanesBegin = Axis + RoomOf(run);

        public void Draw()
        {
            string name = run.IsEventual ? "Eventual consistency" : "Causal consistency";
            page.Put($"<text x='16' y='{22 - HeadHeight}' font-size='14' font-weight='650'>{name}</text>");
            DrawTicks();
            DrawLanes();
            DrawDelays();
            DrawMessages();
            DrawMarks();
        }

        // Clients stand left of their servers.
        private double X(int lane) =>
            _lanesBegin + (LaneStep * (lane + (run.Lanes[lane].IsServer ? 0.2 : 0.8)));

        private double Y(int index) => layout.Real[index];

        private void DrawTicks()
        {
            double width = WidthOf(run);

            foreach (var (y, text) in layout.Ticks)
            {
                page.Put($"<path d='M{Axis - 10} {y}H{width - 12}' stroke='#ece9e2'/>");
                page.Put($"<text x='{Axis - 16}' y='{y + 4}' text-anchor='end' font-size='11'"
                    + $" fill='#6a6f7a'>{text}</text>");
            }
        }

        private void DrawLanes()
        {
            foreach (var lane in run.Lanes)
            {
                page.Put("<g font-weight='650'>");
                Say(lane.Name, "#23262d", X(lane.Index) + (lane.IsServer ? -26 : 26), -8, lane.IsServer);
                page.Put("</g>");
            }

            foreach (var life in run.Lives)
            {
                bool isServer = run.Lanes[life.Lane].IsServer;
                bool isOpen = isServer && !life.HasCrashed
                    && run.Events[life.Last].Traced is not TraceEvent.Stopped;
                double bottom = isOpen ? layout.RealHeight - 16 : Y(life.Last) + 6;
                page.Put($"<path d='M{X(life.Lane)} {Y(life.First)}V{bottom}' stroke='{Server}'"
                    + $" stroke-width='{(isServer ? 2 : 1)}'/>");

                if (life.HasCrashed)
                {
                    page.Put($"<path d='M{X(life.Lane) - 6} {bottom}l12 12m0 -12l-12 12' stroke='{Wrong}'"
                        + " stroke-width='2'/>");
                }
            }
        }

        private void DrawDelays()
        {
            foreach (var delay in run.Delays)
            {
                double x = X(run.Events[delay.From].Lane);
                double top = Y(delay.From);
                double height = Math.Max(2, (delay.To is { } to ? Y(to) : layout.RealHeight - 16) - top);
                page.Put($"<rect x='{x - 7}' y='{top}' width='14' height='{height}' rx='7'"
                    + $" fill='#f6d9a6' stroke='{Wait}'><title>{WebUtility.HtmlEncode(delay.Reason)}</title>"
                    + "</rect>");
            }
        }

        private void DrawMessages()
        {
            foreach (var message in run.Messages)
            {
                var (sent, arrived) = (run.Events[message.From], run.Events[message.To]);
                double dx = X(arrived.Lane) - X(sent.Lane);
                double dy = Y(message.To) - Y(message.From);
                double length = Math.Sqrt((dx * dx) + (dy * dy));

                if (sent.Lane != arrived.Lane)
                {
                    bool isLate = message.Kind == MessageKind.Replication && arrived.Time - sent.Time > Late;
                    DrawArrow(
                        X(arrived.Lane), Y(message.To), dx / length, dy / length, length,
                        ColourOf(arrived, sent), isLate);
                }
            }
        }

        private string ColourOf(RunEvent arrived, RunEvent sent) => page.ColourOf(
            sent.Keys.Any() ? sent : run.Events[arrived.Mark].Keys.Any() ? run.Events[arrived.Mark]
            : run.Events[sent.Mark]);

        private void DrawArrow(
            double x, double y, double dx, double dy, double length, string colour, bool isLate)
        {
            double tipX = x - (dx * 8);
            double tipY = y - (dy * 8);
            page.Put($"<path d='M{x - (dx * (length - 6)):0.#} {y - (dy * (length - 6)):0.#}"
                + $"L{tipX - (dx * 4):0.#} {tipY - (dy * 4):0.#}' stroke='{colour}'"
                + $" stroke-width='{(isLate ? 2.4 : 1.3)}' opacity='{(isLate ? 1 : 0.65)}'/>");
            page.Put($"<path d='M{tipX:0.#} {tipY:0.#}l{(-dx * 8) - (dy * 3.6):0.#}"
                + $" {(-dy * 8) + (dx * 3.6):0.#}l{dy * 7.2:0.#} {-dx * 7.2:0.#}z' fill='{colour}'/>");
        }

        private void DrawMarks()
        {
            var delays = run.Delays.ToDictionary(delay => delay.From);
            var anomalies = run.Anomalies.ToLookup(anomaly => anomaly.Event);

            foreach (var mark in run.Events.Where(one => one.IsMark))
            {
                var (x, y) = (X(mark.Lane), Y(mark.Index));
                bool isServer = run.Lanes[mark.Lane].IsServer;
                page.Put(Shape(mark.Traced, x, y, page.ColourOf(mark)));
                Say(EventText.Label(isServer, mark.Traced), "#23262d", x, y + 4, isServer);

                if (delays.TryGetValue(mark.Index, out var delay))
                {
                    string waited = delay.To is { } to
                        ? EventText.Seconds(run.Events[to].Time - mark.Time)
                        : "still waits";
                    string missing = $"{((TraceEvent.Delayed)mark.Traced).Missing}";
                    Say($"{waited} for {missing}", Wait, x, y + 18, isRight: true);
                }

                foreach (var anomaly in anomalies[mark.Index].Take(1))
                {
                    page.Put($"<circle cx='{x}' cy='{y}' r='10' fill='none' stroke='{Wrong}'"
                        + " stroke-width='2'/>");
                    Say($"before {anomaly.Missing}, its cause", Wrong, x, y + 18, isRight: true);
                }
            }
        }

        private void Say(string text, string colour, double x, double y, bool isRight)
        {
            if (text.Length > 0)
            {
                string cut = text.Length > TextMax ? text[..(TextMax - 1)] + "…" : text;
                page.Put($"<text x='{(isRight ? x + 13 : x - 12):0.#}' y='{y:0.#}' fill='{colour}'"
                    + $"{(isRight ? "" : " text-anchor='end'")}>{WebUtility.HtmlEncode(cut)}</text>");
            }
        }

        private static string Shape(TraceEvent traced, double x, double y, string colour) => traced switch
        {
            TraceEvent.Wrote =>
                $"<rect x='{x - 5.5}' y='{y - 5.5}' width='11' height='11' rx='2.5' fill='{colour}'/>",
            TraceEvent.Saw or TraceEvent.WasPushed =>
                $"<rect x='{x - 4.75}' y='{y - 4.75}' width='9.5' height='9.5' rx='2.5' fill='#fff'"
                + $" stroke='{colour}' stroke-width='1.75'/>",
            TraceEvent.Accepted => $"<circle cx='{x}' cy='{y}' r='7' fill='{colour}'/>",
            TraceEvent.Applied => $"<circle cx='{x}' cy='{y}' r='5.5' fill='{colour}'/>",
            TraceEvent.Delayed =>
                $"<circle cx='{x}' cy='{y}' r='6' fill='#fff' stroke='{Wait}' stroke-width='1.75'/>",
            TraceEvent.Disturbed or TraceEvent.Disconnected or TraceEvent.Dropped =>
                $"<path d='M{x} {y - 7}l6.5 12h-13z' fill='{Wrong}'/>",
            _ => $"<circle cx='{x}' cy='{y}' r='3.5' fill='{Server}'/>",
        };
    }
}
