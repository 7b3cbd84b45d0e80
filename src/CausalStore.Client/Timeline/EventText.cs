using CausalStore.Protocol;
using CausalStore.Tracing;

namespace CausalStore.Client.Timeline;

/// <summary>What the pictures say of an event: a label beside its mark, and a sentence.</summary>
internal static class EventText
{
    private const int PartsShown = 3;

    /// <summary>Beside a mark; empty: the mark says enough.</summary>
    public static string Label(bool isServer, TraceEvent traced) => traced switch
    {
        TraceEvent.Wrote => $"write {Writes(traced)}",
        TraceEvent.Saw(var shown) => $"read {Sights(shown)}",
        TraceEvent.WasPushed(var sight) => $"sees {Of(sight)}",
        TraceEvent.Accepted or TraceEvent.Applied => Writes(traced),
        TraceEvent.Delayed => $"{Writes(traced)} waits",
        TraceEvent.Disturbed(var to, LinkAction.Delay, int amount) =>
            $"to {to}: {Seconds(TimeSpan.FromMilliseconds(amount))}",
        TraceEvent.Disturbed(var to, var action, _) => $"to {to}: {Did(action)}",
        TraceEvent.Started when isServer => "start",
        TraceEvent.Stopped when isServer => "stop",
        TraceEvent.Dropped(long count) => $"{count} not traced",
        TraceEvent.Connected(var server) when isServer => $"link with {server}",
        TraceEvent.Disconnected(var server) => $"{server} gone",
        _ => "",
    };

    /// <summary>For people who want to know, and for those who do not see the picture.</summary>
    public static string Sentence(string who, TraceEvent traced) => traced switch
    {
        TraceEvent.Wrote(null, _, _) => $"{who} writes {Writes(traced)}; whether it happened is not known",
        TraceEvent.Wrote(var version, _, _) => $"{who} writes {Writes(traced)}, which becomes {version}",
        TraceEvent.Saw(var shown) => $"{who} reads {Sights(shown)}",
        TraceEvent.WasPushed(var sight) => $"{who} is shown {Of(sight)}",
        TraceEvent.Accepted(var version, var needs, _, var session) =>
            $"{who} accepts {Writes(traced)} of {session.Name} as {version}{After(needs)}",
        TraceEvent.Applied applied => Applied(who, applied),
        TraceEvent.Delayed(var version, var from, _, var missing, _) =>
            $"{who} holds back {Writes(traced)} ({version}) from server {from}: {missing} is not here",
        TraceEvent.Sent(var version, var to, bool isHeld) =>
            $"{who} sends {version} to server {to}{(isHeld ? "; the link holds it" : "")}",
        TraceEvent.Received(var version, var from) => $"{who} receives {version} from server {from}",
        TraceEvent.Showed(var session, var shown) =>
            $"{who} shows {session.Name} {Some(shown.Select(Named))}",
        TraceEvent.Pushed(var session, string key, var version) =>
            $"{who} pushes {key} ({version}) to {session.Name}",
        TraceEvent.Disturbed(var to, LinkAction.Delay, int amount) =>
            $"{who}: from now on what goes to server {to} takes "
                + Seconds(TimeSpan.FromMilliseconds(amount)),
        TraceEvent.Disturbed(var to, var action, _) => $"{who}: the link to server {to} is {Did(action)}",
        TraceEvent.Started({ } consistency) => $"{who} starts, {$"{consistency}".ToLowerInvariant()}",
        TraceEvent.Started => $"{who} starts",
        TraceEvent.Stopped => $"{who} stops",
        TraceEvent.Connected(var server) => $"{who} is connected with server {server}",
        TraceEvent.Disconnected(var server) => $"{who} has lost server {server}",
        TraceEvent.Noted(string text) => $"{who}: {text}",
        TraceEvent.Dropped(long count) => $"{who}: {count} events happened here that were not traced",
        _ => who,
    };

    /// <summary>What a write does: <c>x = lost</c>, <c>y deleted</c>.</summary>
    public static string Writes(TraceEvent traced)
    {
        IReadOnlyList<TracedOperation> operations = traced switch
        {
            TraceEvent.Wrote wrote => wrote.Operations,
            TraceEvent.Accepted accepted => accepted.Operations,
            TraceEvent.Applied applied => applied.Operations,
            TraceEvent.Delayed delayed => delayed.Operations,
            _ => [],
        };

        return Some(operations.Select(operation =>
            operation.Value is null ? $"{operation.Key} deleted" : $"{operation.Key} = {operation.Value}"));
    }

    private static string Applied(string who, TraceEvent.Applied applied)
    {
        string write = $"{who} applies {Writes(applied)} ({applied.Version}) from server {applied.From}";
        string by = applied.ReleasedBy is { } released ? $", released by {released}" : "";
        return applied.Waited is { } waited
            ? $"{write} after {Seconds(waited)}{by}"
            : $"{write}{After(applied.Needs)}";
    }

    public static string Seconds(TimeSpan time) => time.TotalSeconds >= 1
        ? $"{time.TotalSeconds:0.##} s"
        : $"{time.TotalMilliseconds:0.###} ms";

    private static string After(Context needs) => needs.IsEmpty ? "" : $", to be shown after {needs}";

    private static string Sights(IReadOnlyList<Sight> shown) =>
        shown.Count == 0 ? "nothing" : Some(shown.Select(Of));

    private static string Of(Sight sight) => sight switch
    {
        (var key, null, _) => $"{key} missing",
        var (key, value, _) => $"{key} = {value}",
    };

    /// <summary>A server's trace does not have the values.</summary>
    private static string Named(Sight sight) =>
        sight.Version is { } version ? $"{sight.Key} ({version})" : $"that {sight.Key} is missing";

    private static string Some(IEnumerable<string> parts)
    {
        string[] all = [.. parts];
        string shown = string.Join(", ", all.Take(PartsShown));
        return all.Length > PartsShown ? $"{shown} and {all.Length - PartsShown} more" : shown;
    }

    private static string Did(LinkAction action) => action switch
    {
        LinkAction.Cut => "cut",
        LinkAction.Heal => "healed",
        _ => "stepped",
    };
}
