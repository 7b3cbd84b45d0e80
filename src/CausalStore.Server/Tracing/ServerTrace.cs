using CausalStore.Protocol;
using CausalStore.Replication;
using CausalStore.Tracing;

namespace CausalStore.Server.Tracing;

/// <summary>Writes down what the replica tells (<c>--trace</c>).</summary>
internal sealed class ServerTrace(TraceFile file) : IAsyncDisposable
{
    private readonly NoticeEvents _events = new();

    public void Start(Consistency consistency) => file.Start(consistency);

    /// <summary>Takes what a turn has brought; never waits.</summary>
    public void Tell(List<Notice> notices)
    {
        foreach (var notice in notices)
        {
            if (_events.Of(notice) is { } traced)
            {
                file.Add(traced);
            }
        }
    }

    public ValueTask DisposeAsync() => file.DisposeAsync();
}
