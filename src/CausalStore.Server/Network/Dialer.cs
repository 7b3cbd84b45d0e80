using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using CausalStore.Protocol;

namespace CausalStore.Server.Network;

/// <summary>What came of a dial: a connected socket, or why there is none.</summary>
internal readonly record struct DialResult(ServerAddress Address, Socket? Socket, string Reason);

/// <summary>
/// Connects to other servers beside the loop: names are resolved anew at every dial, nothing takes longer
/// than <see cref="Within"/>. The loop calls everything here; what the dials bring waits until it takes it.
/// </summary>
/// <remarks>
/// Each connect has a thread of its own that waits in the old way. An asynchronous one would leave the socket
/// with .NET's own poller for good, which would then wake a thread for all that ever arrives on it.
/// </remarks>
/// <param name="wake">Called from a dial's thread when there is a result.</param>
internal sealed class Dialer(Action wake) : IAsyncDisposable
{
    public static readonly TimeSpan Within = TimeSpan.FromSeconds(5);

    // A cluster has 64 members at most; further dials fail at once, and are asked for again by and by.
    private const int DialsMax = 256;
    private const int LookForStopMicroseconds = 100_000;

    private readonly ConcurrentQueue<DialResult> _results = [];
    private readonly List<Task> _dials = [];
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Begins to dial.</summary>
    public void Dial(ServerAddress address)
    {
        _dials.RemoveAll(dial => dial.IsCompleted);

        if (_dials.Count >= DialsMax)
        {
            Report(new DialResult(address, null, "too many addresses are being dialled"));
            return;
        }

        _dials.Add(DialAsync(address, _stopping.Token));
    }

    /// <summary>Takes what a dial has brought; each is given once.</summary>
    public bool TryTake(out DialResult result) => _results.TryDequeue(out result);

    /// <summary>Gives up what is under way and waits until it has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_dials);

        while (TryTake(out var result))
        {
            result.Socket?.Dispose();
        }

        _stopping.Dispose();
    }

    private void Report(DialResult result)
    {
        _results.Enqueue(result);
        wake();
    }

    private async Task DialAsync(ServerAddress address, CancellationToken stop)
    {
        DialResult result;

        try
        {
            var hosts = await ResolveAsync(address.Host, stop);
            result = await Task.Factory.StartNew(
                () => Connect(address, hosts, stop),
                stop, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch (SocketException failure)
        {
            result = new DialResult(address, null, Explain(failure.SocketErrorCode));
        }
        catch (OperationCanceledException)
        {
            result = new DialResult(address, null, "the name was not resolved in time");
        }

        Report(result);
    }

    private static async Task<IPAddress[]> ResolveAsync(string host, CancellationToken stop)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            return [address];
        }

        using var inTime = CancellationTokenSource.CreateLinkedTokenSource(stop);
        inTime.CancelAfter(Within);
        return await Dns.GetHostAddressesAsync(host, inTime.Token);
    }

    private static DialResult Connect(ServerAddress address, IPAddress[] hosts, CancellationToken stop)
    {
        long giveUp = Environment.TickCount64 + (long)Within.TotalMilliseconds;
        string reason = "the name has no address";

        foreach (var host in hosts)
        {
            if (TryConnect(new IPEndPoint(host, address.Port), giveUp, stop, out reason) is { } socket)
            {
                return new DialResult(address, socket, "");
            }
        }

        return new DialResult(address, null, reason);
    }

    private static Socket? TryConnect(IPEndPoint end, long giveUp, CancellationToken stop, out string reason)
    {
        Socket socket = new(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };

        try
        {
            var outcome = Begin(socket, end);

            while (outcome == SocketError.WouldBlock && Environment.TickCount64 < giveUp)
            {
                stop.ThrowIfCancellationRequested();
                outcome = Outcome(socket);
            }

            if (outcome == SocketError.Success)
            {
                Connection.Prepare(socket);
                reason = "";
                return socket;
            }

            socket.Dispose();
            reason = Explain(outcome == SocketError.WouldBlock ? SocketError.TimedOut : outcome);
            return null;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static SocketError Begin(Socket socket, IPEndPoint end)
    {
        try
        {
            socket.Connect(end);
            return SocketError.Success;
        }
        catch (SocketException failure)
        {
            var error = failure.SocketErrorCode;
            return error == SocketError.InProgress ? SocketError.WouldBlock : error;
        }
    }

    /// <summary>Waits a little; <see cref="SocketError.WouldBlock"/>: there is no outcome yet.</summary>
    private static SocketError Outcome(Socket socket)
    {
        // Windows reports a refused connection among the errors, the others as ready to write.
        List<Socket> writes = [socket];
        List<Socket> errors = [socket];
        Socket.Select(null, writes, errors, LookForStopMicroseconds);

        return writes.Count + errors.Count == 0
            ? SocketError.WouldBlock
            : (SocketError)(int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
    }

    private static string Explain(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "nobody listens there",
        SocketError.TimedOut => "no answer in time",
        SocketError.HostNotFound or SocketError.NoData => "the name is not known",
        SocketError.TryAgain => "the name server does not answer",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "there is no way to that network",
        _ => new SocketException((int)error).Message,
    };
}
