using System.Buffers;
using CausalStore.Protocol;
using CausalStore.Replication;
using CausalStore.Tracing;

namespace CausalStore.Server.Tracing;

/// <summary>Writes down what the replica tells (<c>--trace</c>), and passes it on to the sessions that asked
/// for it (<c>trace</c>).</summary>
/// <param name="file">Null: it is written nowhere.</param>
internal sealed class ServerTrace(
    TracedProcess process, Consistency consistency, TimeProvider time, TraceFile? file)
{
    private readonly NoticeEvents _events = new();
    private readonly ArrayBufferWriter<byte> _line = new();

    public void Start() => file?.Start(consistency);

    /// <summary>Takes what a turn has brought; never waits.</summary>
    public void Tell(Effects effects)
    {
        if (!effects.Tracing)
        {
            return;
        }

        foreach (var tracer in effects.Tracers)
        {
            if (tracer.TracedCount == 0)
            {
                Push(tracer, new TraceEvent.Started(consistency));
            }
        }

        foreach (var notice in effects.Notices)
        {
            if (_events.Of(notice) is { } traced)
            {
                Take(traced, effects.Tracers);
            }
        }
    }

    private void Take(TraceEvent traced, List<Session> tracers)
    {
        file?.Add(traced);

        foreach (var tracer in tracers)
        {
            Push(tracer, traced);
        }
    }

    private void Push(Session tracer, TraceEvent traced)
    {
        _line.ResetWrittenCount();
        TraceWriter.Write(
            new TraceLine(process, tracer.TracedCount + 1, time.GetUtcNow().UtcDateTime, traced), _line);
        tracer.PushTraced(_line.WrittenSpan[..^1]);
    }
}
