using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>A line that a fault holds back: a message, or a write as its line.</summary>
internal readonly record struct HeldLine(PeerMessage? Message, byte[]? Write);

/// <summary>Where one connection stands in the log, and what a fault holds back on it.</summary>
internal sealed class LinkSending
{
    private readonly LinkedList<(HeldLine Line, TimeSpan At)> _held = [];

    /// <summary>The next write of this server's own to look at.</summary>
    public long OwnNext { get; set; }

    /// <summary>The next write of others to look at.</summary>
    public long RelayNext { get; set; }

    /// <summary>When the write at <see cref="RelayNext"/> is due, if nothing changes.</summary>
    public TimeSpan RelayDue { get; set; }

    /// <summary>The next write of forgotten servers to look at.</summary>
    public long ForgottenNext { get; set; }

    /// <summary>Delayed writes of forgotten servers that were sent here.</summary>
    public HashSet<WriteVersion> ForgottenSent { get; } = [];

    /// <summary>Whether the delay queue's writes of forgotten servers are still to be sent.</summary>
    public bool OwesDelayedOfForgotten { get; set; }

    /// <summary>A copy of the state that is under way on this connection, or null.</summary>
    public LeavingCopy? Copy { get; set; }

    /// <summary>When a copy was last begun; a refused one is not sent again at once.</summary>
    public TimeSpan? CopiedAt { get; set; }

    public bool IsHolding => _held.Count > 0;

    public long HeldBytes { get; private set; }

    public TimeSpan OldestHeldAt => _held.First!.Value.At;

    public bool OldestIsWrite => _held.First!.Value.Line.Write is not null;

    /// <summary>Begins at the log's beginning.</summary>
    public void Restart(long first)
    {
        OwnNext = first;
        RelayNext = first;
        RestartForgotten(first);
    }

    /// <summary>The forgotten servers are others than before: what is held of them is offered anew.</summary>
    public void RestartForgotten(long first)
    {
        ForgottenNext = first;
        ForgottenSent.Clear();
        OwesDelayedOfForgotten = true;
    }

    public void Hold(HeldLine line, TimeSpan now)
    {
        _held.AddLast((line, now));
        HeldBytes += Cost(line);
    }

    /// <summary>While a link is cut, a later <c>have</c> replaces the one that is held.</summary>
    public void DropHeldHave()
    {
        if (_held.Last is { Value.Line.Message: PeerMessage.Have } last)
        {
            HeldBytes -= Cost(last.Value.Line);
            _held.RemoveLast();
        }
    }

    /// <summary>Since when a write is held; null: it is not.</summary>
    public TimeSpan? HeldSince(WriteVersion version)
    {
        OutputBuffer head = new();
        head.Append("replicate "u8).Append(version).Space();

        foreach (var (line, at) in _held)
        {
            if (line.Write is { } write && write.AsSpan().StartsWith(head.Written))
            {
                return at;
            }
        }

        return null;
    }

    public HeldLine TakeOldestHeld()
    {
        var line = _held.First!.Value.Line;
        _held.RemoveFirst();
        HeldBytes -= Cost(line);
        return line;
    }

    private static long Cost(HeldLine line) => line.Write?.Length ?? 128;
}
