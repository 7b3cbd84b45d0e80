using CausalStore.Protocol;

namespace CausalStore.Tracing;

/// <summary>What events are called in a trace.</summary>
internal static class TraceWords
{
    public static string Of(TraceEvent traced) => traced switch
    {
        TraceEvent.Started => "start",
        TraceEvent.Stopped => "stop",
        TraceEvent.Dropped => "dropped",
        TraceEvent.Connected => "connect",
        TraceEvent.Disconnected => "disconnect",
        TraceEvent.Noted => "note",
        TraceEvent.Wrote or TraceEvent.Accepted => "write",
        TraceEvent.Saw or TraceEvent.Showed => "read",
        TraceEvent.WasPushed or TraceEvent.Pushed => "push",
        TraceEvent.Sent => "send",
        TraceEvent.Received => "receive",
        TraceEvent.Delayed => "delay",
        TraceEvent.Applied => "apply",
        TraceEvent.Disturbed => "fault",
        _ => throw new ArgumentOutOfRangeException(nameof(traced)),
    };

    public static string Of(LinkAction action) => action switch
    {
        LinkAction.Cut => "cut",
        LinkAction.Delay => "delay",
        LinkAction.Heal => "heal",
        _ => "step",
    };

    public static LinkAction Action(string word) => word switch
    {
        "cut" => LinkAction.Cut,
        "delay" => LinkAction.Delay,
        "heal" => LinkAction.Heal,
        "step" => LinkAction.Step,
        _ => throw new TraceFormatException($"'{word}' is not cut, delay, heal or step"),
    };
}
