using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>One client's connection, and what it has seen.</summary>
public sealed class Session
{
    /// <summary>Unsent output beyond which a session that does not read its pushes is cut off.</summary>
    private const int UnsentBytesMax = 64 << 20;

    internal const string NotReadText =
        "this client does not read what is pushed to it; connect again and read on";

    private readonly Effects _effects;

    internal Session(long number, SessionContext seen, Effects effects)
    {
        Number = number;
        Seen = seen;
        _effects = effects;
    }

    /// <summary>Counts the sessions of this server, from 1.</summary>
    public long Number { get; }

    /// <summary>What the client calls itself; empty before it says so.</summary>
    public string Name { get; internal set; } = "";

    /// <summary>Replies and pushes, in order; whoever sends them consumes them.</summary>
    public OutputBuffer Output { get; } = new();

    /// <summary>While true, the requests behind the last one wait: do not hand them in.</summary>
    public bool IsBlocked => Waiting is not null;

    /// <summary>Close the connection once <see cref="Output"/> is sent; hand in nothing more.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>For whoever owns the connection.</summary>
    public object? Owner { get; set; }

    /// <summary>Events that it was told of.</summary>
    public long TracedCount { get; private set; }

    internal bool IsTouched { get; set; }

    /// <summary>What is pushed to it stays unsent.</summary>
    internal bool DoesNotRead => Output.Length > UnsentBytesMax;

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

        Touch();
        TracedCount++;

        if (DoesNotRead)
        {
            CutOff(ErrorCode.Overloaded, NotReadText);
        }
        else
        {
            ResponseWriter.Traced(Output, json);
        }
    }

    internal void Touch() => _effects.Touch(this);

    /// <summary>Never a torn story: the push that it cannot have is the end of it.</summary>
    internal void CutOff(ErrorCode code, string reason)
    {
        ResponseWriter.Error(Output, code, reason);
        Close();
    }

    internal void TracePush(ReadOnlySpan<byte> key, WriteVersion version)
    {
        if (_effects.Tracing)
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
