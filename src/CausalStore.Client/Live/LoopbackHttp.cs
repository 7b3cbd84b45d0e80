using System.Net;
using System.Net.Sockets;

namespace CausalStore.Client.Live;

/// <summary>Serves browsers of this machine alone: one request a connection, a few connections at once.
/// Wants no administrator's rights on any system.</summary>
internal sealed class LoopbackHttp : IDisposable
{
    /// <summary>Further ones are closed without an answer.</summary>
    private const int ConnectionsMax = 64;
    private static readonly TimeSpan AskWithin = TimeSpan.FromSeconds(10);

    private readonly TcpListener _listener;
    private readonly HashSet<Task> _serving = [];

    /// <param name="port">0: a free one.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public LoopbackHttp(int port)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    public async Task RunAsync(
        Func<Stream, HttpRequest, CancellationToken, Task> serve, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var browser = await _listener.AcceptTcpClientAsync(stop);
                _serving.RemoveWhere(task => task.IsCompleted);

                if (_serving.Count >= ConnectionsMax)
                {
                    browser.Dispose();
                }
                else
                {
                    _serving.Add(ServeAsync(browser, serve, stop));
                }
            }
        }
        finally
        {
            await Task.WhenAll(_serving);
        }
    }

    private static async Task ServeAsync(
        TcpClient browser, Func<Stream, HttpRequest, CancellationToken, Task> serve, CancellationToken stop)
    {
        using var _ = browser;
        using CancellationTokenSource inTime = CancellationTokenSource.CreateLinkedTokenSource(stop);
        inTime.CancelAfter(AskWithin);

        try
        {
            browser.NoDelay = true;
            await using var stream = browser.GetStream();

            if (await HttpRequest.ReadAsync(stream, inTime.Token) is { } request)
            {
                await serve(stream, request, stop);
            }
            else
            {
                await stream.WriteAsync(
                    HttpAnswer.Refused("400 Bad Request", "That is no request.").ToBytes(), stop);
            }
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
        {
            // The page was closed, or we stop.
        }
    }
}
