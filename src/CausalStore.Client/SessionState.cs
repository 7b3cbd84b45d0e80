using CausalStore.Client.Recording;
using CausalStore.Protocol;

namespace CausalStore.Client;

/// <summary>What a session takes with it from one server to another: its name, the cluster's name, what it
/// has seen, what it watches. Learned from the lines themselves, in the order in which they came.</summary>
/// <param name="record">Where what it does and sees is written down, to be judged.</param>
/// <param name="trace">Where it is written down to be drawn.</param>
internal sealed class SessionState(string name, SessionRecord? record = null, SessionTrace? trace = null)
{
    private readonly Lock _gate = new();
    private readonly List<Word> _watched = [];

    public string Name { get; } = name;

    /// <summary>Null until a server has told it.</summary>
    public volatile string? Cluster;

    public SeenContext Seen { get; } = new();

    public IReadOnlyList<Word> Watched
    {
        get
        {
            lock (_gate)
            {
                return [.. _watched];
            }
        }
    }

    /// <summary>Nothing is written any more and everything has arrived everywhere: from now on the session
    /// only reads.</summary>
    public volatile bool IsAtRest;

    public void TakeReply(RequestLine request, Reply reply)
    {
        record?.Replied(request, reply);
        trace?.Replied(request, reply);

        if (reply.Error is not null)
        {
            return;
        }

        foreach (var line in reply.Lines)
        {
            TakeLine(request, line.Meaning);
        }
    }

    /// <summary>What is pushed counts as read; what is traced is about the server.</summary>
    public void TakePush(Response push)
    {
        if (push is Response.Traced)
        {
            return;
        }

        record?.Pushed(push);
        trace?.Pushed(push);

        if (push is Response.Update(_, _, var updated))
        {
            Seen.Saw(updated);
        }
        else if (push is Response.Removed(_, var removed))
        {
            Seen.Saw(removed);
        }
    }

    /// <summary>A request is about to be sent.</summary>
    public void TakeSending(RequestLine request) => trace?.Sending(request);

    /// <summary>A request was sent, and its reply will not come.</summary>
    public void TakeLoss(RequestLine request)
    {
        record?.NeverReplied(request);
        trace?.NeverReplied(request);
    }

    private void TakeLine(RequestLine request, Response line)
    {
        switch (request.Kind, line)
        {
            case (RequestKind.Read or RequestKind.Scan, Response.Value(_, _, var version)):
                Seen.Saw(version);
                break;

            case (RequestKind.Read or RequestKind.Scan, Response.Missing(_, { } version)):
                Seen.Saw(version);
                break;

            case (RequestKind.Write, Response.Ok({ } version)):
                Seen.Wrote(version);
                break;

            case (RequestKind.GetContext, Response.Seen(var context)):
                Seen.ReplaceWith(context);
                break;

            case (RequestKind.SetContext, Response.Ok):
                Seen.Add(request.Context);
                break;

            case (RequestKind.Hello, Response.Welcome(_, { } cluster)):
                Cluster = cluster;
                break;

            case (RequestKind.Watch or RequestKind.Unwatch, Response.Ok):
                Watch(request.Prefix, request.Kind == RequestKind.Watch);
                break;
        }
    }

    private void Watch(Word prefix, bool begins)
    {
        lock (_gate)
        {
            _watched.Remove(prefix);

            if (begins)
            {
                _watched.Add(prefix);
            }
        }
    }
}
