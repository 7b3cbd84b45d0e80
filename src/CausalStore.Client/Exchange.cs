using CausalStore.Protocol;

namespace CausalStore.Client;

/// <summary>One request on its way, and the lines that have come of its reply.</summary>
/// <param name="request">What is asked.</param>
/// <param name="inOrder">Called with the whole reply before any later line is looked at; not for
/// <c>unavailable</c>, after which the request is asked again.</param>
internal sealed class Exchange(RequestLine request, Action<Reply>? inOrder)
{
    private readonly List<ReplyLine> _lines = [];
    private readonly TaskCompletionSource<Reply> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RequestLine Request => request;

    public Task<Reply> Reply => _reply.Task;

    /// <summary>Nobody waits for it any more; sent or not, its reply must still be told apart from others.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>Whether a part of the reply is here: no push stands before the rest of it.</summary>
    public bool HasBegun => _lines.Count > 0;

    /// <summary>Takes the next line; returns the reply once it is whole.</summary>
    /// <exception cref="ProtocolException">It cannot be a line of this reply.</exception>
    public Reply? Take(ReplyLine line)
    {
        _lines.Add(line);
        bool isError = !(_lines.Count > 1) && line.Meaning is Response.Error;

        if (request.ReadKeys > 0 && !isError && line.Meaning is not (Response.Value or Response.Missing))
        {
            throw ProtocolException.Syntax("a read was answered by something else");
        }

        bool isWhole = isError || (request.EndsWithCount
            ? line.Meaning is Response.End
            : _lines.Count >= request.ReadKeys);

        return isWhole ? new Reply(_lines) : null;
    }

    public void Complete(Reply reply)
    {
        if (!reply.IsUnavailable)
        {
            inOrder?.Invoke(reply);
        }

        _reply.TrySetResult(reply);
    }

    public void Fail(ConnectionBrokenException reason) => _reply.TrySetException(reason);
}

/// <summary>The connection ended before the reply came.</summary>
/// <param name="wasSent">Whether the request, or a part of it, may have reached the server.</param>
internal sealed class ConnectionBrokenException(string reason, bool wasSent) : Exception(reason)
{
    public bool WasSent { get; } = wasSent;
}
