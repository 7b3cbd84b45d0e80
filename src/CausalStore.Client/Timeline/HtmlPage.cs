using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using CausalStore.Tracing;

namespace CausalStore.Client.Timeline;

/// <summary>One file for a browser, which needs no network: the style and the script of the page with the
/// runs as data. The picture is drawn by the script, which only ever draws what is in view.</summary>
/// <param name="liveToken">For a page that is served, and goes on with a run that goes on: what it must say
/// to be allowed to disturb links. Null: the run is over, and the page asks nobody for anything.</param>
internal sealed class HtmlPage(IReadOnlyList<Run> runs, string title, string? liveToken = null)
{
    public void Write(TextWriter output)
    {
        string page = Resource("page.html");
        string data = $"[{string.Join(',', runs.Select(Json))}]";

        // In this order: what the run says is not looked through for places to fill.
        foreach (string part in Split(page))
        {
            output.Write(part switch
            {
                "{{title}}" => WebUtility.HtmlEncode(title),
                "{{style}}" => Resource("page.css") + (liveToken is null ? "" : Resource("live.css")),
                "{{script}}" => Resource("page.js"),
                "{{connect}}" => liveToken is null ? "" : "; connect-src 'self'",
                "{{live}}" => liveToken is null ? "" : LiveScript(liveToken),
                "{{runs}}" => data,
                _ => part,
            });
        }
    }

    /// <summary>A run as the page takes it.</summary>
    public static string Json(Run run) => JsonSerializer.Serialize(DataOf(run), Compact);

    private static string LiveScript(string token) =>
        $"<script data-token=\"{WebUtility.HtmlEncode(token)}\">\n{Resource("live.js")}</script>\n";

    // "<" is escaped, so that no text of a run ends the script element that it stands in.
    private static readonly JsonSerializerOptions Compact = new()
    {
        Encoder = JavaScriptEncoder.Default,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    private static object DataOf(Run run)
    {
        var layout = Layout.Of(run);
        var anomalies = run.Anomalies.GroupBy(anomaly => anomaly.Event)
            .ToDictionary(group => group.Key, group => $"{group.First().Missing}");

        return new
        {
            name = run.IsEventual ? "eventual" : "causal",
            begin = Math.Round((run.Begin - DateTime.UnixEpoch).TotalMilliseconds, 3),
            lanes = run.Lanes.Select(lane => new { lane.Name, lane.IsServer }),
            lives = run.Lives.Select(life => new object[]
            {
                life.Lane, life.First, life.Last, life.HasCrashed,
            }),
            events = run.Events.Select(one => new object?[]
            {
                one.Lane,
                KindOf(one.Traced),
                Math.Round(one.Time.TotalMilliseconds, 3),
                one.Mark,
                one.IsMark ? EventText.Label(run.Lanes[one.Lane].IsServer, one.Traced) : "",
                EventText.Sentence(run.Lanes[one.Lane].Name, one.Traced),
                one.Version?.ToString(),
                string.Join('\n', one.Keys),
                anomalies.GetValueOrDefault(one.Index),
                OperationsOf(one.Traced)?.Select(operation => new[] { operation.Key, operation.Value }),
            }),
            messages = run.Messages.Select(message => new object[]
            {
                message.From, message.To, $"{message.Kind}".ToLowerInvariant(),
            }),
            delays = run.Delays.Select(delay => new object?[] { delay.From, delay.To, delay.Reason }),
            causes = run.Causes.Causes,
            real = layout.Real.Select(Rounded),
            logical = layout.Logical.Select(Rounded),
            heights = new[] { layout.RealHeight, layout.LogicalHeight },
            ticks = layout.Ticks.Select(tick => new object[] { Rounded(tick.Y), tick.Text }),
        };
    }

    /// <summary>The name of an event's mark, in the page and in the drawing.</summary>
    public static string KindOf(TraceEvent traced) => traced switch
    {
        TraceEvent.Wrote => "wrote",
        TraceEvent.Saw => "saw",
        TraceEvent.WasPushed => "told",
        TraceEvent.Accepted => "write",
        TraceEvent.Applied => "apply",
        TraceEvent.Delayed => "delay",
        TraceEvent.Sent => "send",
        TraceEvent.Received => "receive",
        TraceEvent.Showed => "read",
        TraceEvent.Pushed => "push",
        TraceEvent.Disturbed => "fault",
        TraceEvent.Started => "start",
        TraceEvent.Stopped => "stop",
        TraceEvent.Dropped => "dropped",
        TraceEvent.Disconnected => "disconnect",
        TraceEvent.Connected => "connect",
        _ => "note",
    };

    /// <summary>What becomes visible at a server.</summary>
    private static IReadOnlyList<TracedOperation>? OperationsOf(TraceEvent traced) => traced switch
    {
        TraceEvent.Accepted accepted => accepted.Operations,
        TraceEvent.Applied applied => applied.Operations,
        _ => null,
    };

    private static double Rounded(double value) => Math.Round(value, 1);

    private static IEnumerable<string> Split(string page)
    {
        int from = 0;

        while (page.IndexOf("{{", from, StringComparison.Ordinal) is var open and >= 0)
        {
            int close = page.IndexOf("}}", open, StringComparison.Ordinal) + 2;
            yield return page[from..open];
            yield return page[open..close];
            from = close;
        }

        yield return page[from..];
    }

    private static string Resource(string name)
    {
        using var stream = typeof(HtmlPage).Assembly.GetManifestResourceStream($"Timeline.{name}")!;
        using StreamReader text = new(stream);
        return text.ReadToEnd();
    }
}
