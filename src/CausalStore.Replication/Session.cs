using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>One client's connection, and what it has seen.</summary>
public sealed class Session
{
    private const int OutputPieceBytes = 1 << 20;

    private readonly Effects _effects;
    private readonly UnreadPushes _unread;
    private long _pushesBegin;
    private long _pushesEnd;

    internal Session(long number, SessionContext seen, UnreadPushes unread, Effects effects)
    {
        Number = number;
        Seen = seen;
        _unread = unread;
        _effects = effects;
    }

    /// <summary>Counts the sessions of this server, from 1.</summary>
    public long Number { get; }

    /// <summary>What the client calls itself; empty before it says so.</summary>
    public string Name { get; internal set; } = "";

    /// <summary>Replies and pushes, in order; whoever sends them consumes them.</summary>
    public OutputBuffer Output { get; } = new(OutputPieceBytes);

    /// <summary>While true, the requests behind the last one wait: do not hand them in.</summary>
    public bool IsBlocked => Waiting is not null;

    /// <summary>Close the connection once <see cref="Output"/> is sent; hand in nothing more.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>For whoever owns the connection.</summary>
    public object? Owner { get; set; }

    /// <summary>Events that it was told of.</summary>
    public long TracedCount { get; private set; }

    internal bool IsTouched { get; set; }

    /// <summary>Bytes of <see cref="Output"/> that were pushed after its last reply.</summary>
    internal int UnreadBytes =>
        Output.Position == _pushesEnd ? (int)Math.Min(Output.Length, _pushesEnd - _pushesBegin) : 0;

    /// <summary>What <see cref="UnreadPushes"/> counts of them.</summary>
    internal int CountedBytes { get; set; }

    internal SessionContext Seen { get; }

    /// <summary>What it watches.</summary>
    internal HashSet<byte[]> Prefixes { get; } = new(ByteKeys.Comparer);

    /// <summary>The last change that was pushed to it, so that none is pushed twice.</summary>
    internal long LastPush { get; set; }

    /// <summary>A context that it waits for.</summary>
    internal ContextWait? Waiting { get; set; }

    /// <summary>Tells it of an event. Before the end of the turn that the event belongs to.</summary>
    /// <param name="json">A line of a trace, without its end.</param>
    public void PushTraced(ReadOnlySpan<byte> json)
    {
        if (IsClosing)
        {
            return;
        }

        TracedCount++;
        BeginPush();
        ResponseWriter.Traced(Output, json);
        EndPush();
    }

    internal void Touch() => _effects.Touch(this);

    /// <summary>What is appended until <see cref="EndPush"/> is a push.</summary>
    internal void BeginPush()
    {
        Touch();

        if (Output.Position != _pushesEnd)
        {
            _pushesBegin = Output.Position;
        }
    }

    internal void EndPush()
    {
        _pushesEnd = Output.Position;
        _unread.Count(this);
    }

    /// <summary>Never a torn story: the push that it cannot have is the end of it.</summary>
    internal void CutOff(ErrorCode code, string reason)
    {
        ResponseWriter.Error(Output, code, reason);
        Close();
    }

    /// <summary>What it has not read is not kept for it any longer: replies, and the line that is being
    /// sent, stay.</summary>
    internal void CutOffUnread(string reason)
    {
        int kept = Output.Length - UnreadBytes;
        Output.TruncateTo(kept > 0 ? kept : Output.IndexOf((byte)'\n') + 1);
        CutOff(
            ErrorCode.Overloaded,
            $"this client does not read what is pushed to it: {reason}; connect again and read on");
    }

    internal void TracePush(ReadOnlySpan<byte> key, WriteVersion version)
    {
        if (_effects.Tracing && !IsClosing)
        {
            _effects.Notices.Add(new Notice.ChangePushed(this, key.ToArray(), version));
        }
    }

    internal void Close()
    {
        IsClosing = true;
        Touch();
    }

    /// <summary>For people: <c>alice</c>, or <c>client 7</c>.</summary>
    public override string ToString() => Name.Length > 0 ? Name : $"client {Number}";
}

/// <summary>A session that waits until a context is applied here.</summary>
internal sealed class ContextWait(Session session, Context context, TimeSpan deadline) : Waiter(context)
{
    public Session Session { get; } = session;

    public TimeSpan Deadline { get; } = deadline;
}
