using System.Net.Sockets;
using CausalStore.Protocol;

namespace CausalStore.Client;

/// <summary>
/// Finds a server that takes the session as it is: greets it with the cluster's name, has it apply what the
/// session has seen, and watches there what was watched before. Only then anything else is asked.
/// </summary>
internal sealed class SessionOpener(
    StoreClientOptions options, SessionState state, Action<ReplyLine> onPush, Action onGap, Action onAttention)
{
    /// <summary>A server takes 4,096 at most; what it has applied by then it prunes before the next portion.</summary>
    private const int ContextPortion = 1024;

    private int _next;

    /// <summary>The next connection goes to the next server.</summary>
    public void MoveOn() => _next = (_next + 1) % options.Servers.Count;

    /// <exception cref="ConnectionLostException">No server takes the session; the text says why, for each.</exception>
    public async Task<Connection> OpenAsync(CancellationToken stop)
    {
        Patience patience = new(options);

        while (true)
        {
            List<string> reasons = [];
            bool isSomeoneWaiting = false;

            for (int tried = 0; tried < options.Servers.Count; tried++)
            {
                try
                {
                    return await OpenAtAsync(options.Servers[_next], stop);
                }
                catch (OpeningFailedException failure)
                {
                    reasons.Add(failure.Message);
                    isSomeoneWaiting |= failure.IsUnavailable;
                    MoveOn();
                }
            }

            string all = string.Join("; ", reasons);

            if (!isSomeoneWaiting || !await patience.WaitAsync(all, stop))
            {
                throw new ConnectionLostException(all);
            }
        }
    }

    /// <summary>Says hello; again to a server that had no cluster yet.</summary>
    /// <exception cref="OpeningFailedException">It refused, or is no such server.</exception>
    public async Task GreetAsync(Connection connection, CancellationToken stop)
    {
        Word[] hello = state.Cluster is { } cluster
            ? ["hello", "client", state.Name, cluster]
            : ["hello", "client", state.Name];
        var reply = await AskAsync(connection, RequestLine.Of(hello), stop);

        connection.Welcome = reply.Lines[0].Meaning as Response.Welcome
            ?? throw Failed(connection.Address, "it answers, but does not speak CausalStore's protocol");
    }

    private async Task<Connection> OpenAtAsync(ServerAddress address, CancellationToken stop)
    {
        Connection? connection = null;

        try
        {
            using CancellationTokenSource inTime = new(options.ConnectTimeout, options.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(inTime.Token, stop);
            connection = await Connection.DialAsync(address, state, onPush, onAttention, either.Token);
            await GreetAsync(connection, either.Token);
            await CarryAsync(connection, stop);
            return connection;
        }
        catch (Exception error)
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }

            throw error switch
            {
                OperationCanceledException when !stop.IsCancellationRequested =>
                    Failed(address, $"no answer within {options.ConnectTimeout.TotalSeconds:0.#} s"),
                SocketException { SocketErrorCode: SocketError.ConnectionRefused } =>
                    Failed(address, "nothing listens there; is that server started?"),
                SocketException or ConnectionBrokenException => Failed(address, error.Message),
                _ => error,
            };
        }
    }

    private async Task CarryAsync(Connection connection, CancellationToken stop)
    {
        var seen = state.Seen.Current;
        var watched = state.Watched;

        if (connection.Welcome!.Cluster is null && (state.Cluster is not null || !seen.IsEmpty))
        {
            throw Failed(connection.Address, "it waits for other servers and serves nobody yet", isUnavailable: true);
        }

        if (state.Cluster is null && !seen.IsEmpty)
        {
            throw Failed(connection.Address, "the session never learned its cluster's name, so it cannot move");
        }

        foreach (var portion in PortionsOf(seen))
        {
            await AskAsync(connection, RequestLine.Of("context", portion.ToString()), stop);
        }

        if (watched.Count > 0)
        {
            onGap();
        }

        foreach (var prefix in watched)
        {
            await AskAsync(connection, RequestLine.Of("watch", prefix), stop);
        }
    }

    private static IEnumerable<Context> PortionsOf(Context context)
    {
        if (!context.UpTo.IsEmpty)
        {
            yield return Context.Of(context.UpTo, []);
        }

        foreach (var portion in context.Exact.ToArray().Chunk(ContextPortion))
        {
            yield return Context.Of(portion);
        }
    }

    private static async Task<Reply> AskAsync(Connection connection, RequestLine request, CancellationToken stop)
    {
        var reply = await connection.AskAsync(request, inOrder: null, stop);
        return reply.Error is { } error
            ? throw Failed(connection.Address, $"{error.Code.Name()}: {error.Reason}", reply.IsUnavailable)
            : reply;
    }

    private static OpeningFailedException Failed(ServerAddress address, string reason, bool isUnavailable = false) =>
        new($"{address}: {reason}", isUnavailable);
}

/// <summary>One server does not take the session.</summary>
/// <param name="isUnavailable">It may before long.</param>
internal sealed class OpeningFailedException(string message, bool isUnavailable) : Exception(message)
{
    public bool IsUnavailable { get; } = isUnavailable;
}
