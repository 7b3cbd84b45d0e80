using CausalStore.Protocol;
using CausalStore.Tracing;
using ShownKey = CausalStore.Tracing.Sight;

namespace CausalStore.Simulation;

/// <summary>What a client does and sees, as the client's program traces it.</summary>
internal sealed class ClientTrace(World world, string name)
{
    public void Answered(Asked asked)
    {
        if (!world.Trace.KeepsText)
        {
            return;
        }

        switch (asked, asked.Reply[0])
        {
            case (Asked.Hello, Response.Welcome(var server, not null)):
                Add(new TraceEvent.Started(null));
                Add(new TraceEvent.Connected(server));
                break;
            case (Asked.Write write, Response.Ok { Version: { } version }):
                Add(new TraceEvent.Wrote(version, OperationsOf(write), TimeSpan.Zero));
                break;
            case (Asked.Read or Asked.Scan, _):
                var shown = asked.Reply.Where(line => line is not Response.End).Select(ShownBy);
                Add(new TraceEvent.Saw([.. shown]));
                break;
        }
    }

    public void Pushed(Response push) => Add(new TraceEvent.WasPushed(ShownBy(push)));

    private void Add(TraceEvent traced) =>
        world.Trace.Event(world.Timeline.Now, TracedProcess.Client(name), traced);

    private List<TracedOperation> OperationsOf(Asked.Write write) =>
    [
        .. write.Operations.Select(operation =>
            new TracedOperation(TraceText.Of(world.Keys.Bytes(operation.Key)), operation.Value)),
    ];

    private static ShownKey ShownBy(Response line) => line switch
    {
        Response.Value(byte[] key, byte[] value, var version) => new(
            TraceText.Of(key), TraceText.Of(value), version),
        Response.Update(byte[] key, byte[] value, var version) => new(
            TraceText.Of(key), TraceText.Of(value), version),
        Response.Missing(byte[] key, var version) => new(TraceText.Of(key), null, version),
        Response.Removed(byte[] key, var version) => new(TraceText.Of(key), null, version),
        _ => throw new BrokenPromiseException(Promises.CleanAnswers, $"a read is answered with {line}"),
    };
}
