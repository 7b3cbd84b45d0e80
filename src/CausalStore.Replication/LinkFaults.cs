using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>
/// <c>link SERVER cut | delay | heal | step</c>: lines to that server are held back, on every connection to
/// it, and let go in order. Nothing is lost; links are made slow so that people can watch.
/// </summary>
internal sealed class LinkFaults
{
    private readonly Dictionary<ServerId, Fault> _faults = [];

    private sealed class Fault
    {
        /// <summary>Null: cut.</summary>
        public TimeSpan? Delay { get; init; }

        public long StepsLeft { get; set; }
    }

    public TimeSpan Now { get; set; }

    public void Set(Request.Link request)
    {
        switch (request.Action)
        {
            case LinkAction.Cut:
                _faults[request.Server] = new Fault();
                break;
            case LinkAction.Delay:
                _faults[request.Server] = new Fault { Delay = TimeSpan.FromMilliseconds(request.Amount) };
                break;
            case LinkAction.Step when _faults.TryGetValue(request.Server, out var fault):
                fault.StepsLeft += request.Amount;
                break;
            case LinkAction.Heal:
                _faults.Remove(request.Server);
                break;
        }
    }

    /// <summary>By how much a link is delayed; null: it is not, or it is cut.</summary>
    public TimeSpan? DelayOf(ServerId server) =>
        _faults.TryGetValue(server, out var fault) ? fault.Delay : null;

    /// <summary>How a link is for people: <c>cut</c>, <c>delayed by 500 ms</c>; null: as it should
    /// be.</summary>
    public string? Describe(ServerId server) =>
        !_faults.TryGetValue(server, out var fault) ? null
        : fault.Delay is { } delay ? $"delayed by {delay.TotalMilliseconds:0} ms" : "cut";

    public bool Holds(Link link) =>
        link.Sending.IsHolding || (link.Peer is { } peer && _faults.ContainsKey(peer.Id));

    public bool IsCut(Link link) =>
        link.Peer is { } peer && _faults.TryGetValue(peer.Id, out var fault) && fault.Delay is null;

    /// <summary>When the oldest held line of a link may go; null: nothing is held, or the link is
    /// cut.</summary>
    public TimeSpan? NextRelease(Link link)
    {
        if (!link.Sending.IsHolding || link.Peer is not { } peer)
        {
            return null;
        }

        return !_faults.TryGetValue(peer.Id, out var fault) || fault.StepsLeft > 0 ? TimeSpan.Zero
            : fault.Delay is { } delay ? link.Sending.OldestHeldAt + delay
            : null;
    }

    /// <summary>Lets go what may go by now.</summary>
    public void Release(Link link)
    {
        while (NextRelease(link) is { } due && due <= Now)
        {
            if (link.Sending.OldestIsWrite && _faults.TryGetValue(link.Peer!.Id, out var fault)
                && fault.StepsLeft > 0)
            {
                fault.StepsLeft--;
            }

            var line = link.Sending.TakeOldestHeld();

            if (line.Write is { } write)
            {
                link.Output.Append(write);
            }
            else if (line.Message is { } message)
            {
                PeerMessageCodec.Append(message, link.Output);
            }

            link.Touch();
        }
    }
}
