using System.Net.Sockets;
using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Client.Bench;

/// <summary>
/// How long a write at one server takes until a session at another has it pushed: one write at a time, from
/// one clock. Meant to run beside a load.
/// </summary>
internal sealed class VisibilityProbe : IDisposable
{
    private const string Key = "bench.visible";
    private const int LineBytesMax = 1 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly NanoClock _clock;
    private readonly Socket _writer;
    private readonly Socket _watcher;
    private readonly LineBuffer _written = new(LineBytesMax);
    private readonly LineBuffer _pushed = new(LineBytesMax);

    private VisibilityProbe(Socket writer, Socket watcher, TimeProvider time)
    {
        _clock = new NanoClock(time);
        _writer = writer;
        _watcher = watcher;
    }

    /// <exception cref="BenchFailedException">One of them cannot be reached, or refuses.</exception>
    public static VisibilityProbe Connect(ServerAddress written, ServerAddress watched, TimeProvider time)
    {
        var writer = Open(written);
        Socket? watcher = null;

        try
        {
            watcher = Open(watched);
            VisibilityProbe probe = new(writer, watcher, time);
            Send(watcher, $"watch {Key}\n");
            probe.Await(watcher, probe._pushed, "ok"u8);
            return probe;
        }
        catch (BenchFailedException)
        {
            writer.Dispose();
            watcher?.Dispose();
            throw;
        }
    }

    public RunResult Run(RunLimits limits, ProgressLine? progress, CancellationToken stop)
    {
        RunMeter meter = new();
        meter.Start(_clock.Now);
        Pace pace = new(new Load(), limits, _clock.Now);

        for (long number = 1; pace.Take(_clock.Now) > 0; number++)
        {
            stop.ThrowIfCancellationRequested();
            long sentAt = _clock.Now;
            Send(_writer, $"write {Key} {number}\n");
            Await(_watcher, _pushed, Encoding.ASCII.GetBytes($"update {Key} {number} "));
            long now = _clock.Now;
            meter.Record(now, sentAt, replies: 1);
            Await(_writer, _written, "ok "u8);
            progress?.Consider(meter, now);
        }

        return meter.ToResult();
    }

    public void Dispose()
    {
        _writer.Dispose();
        _watcher.Dispose();
        _written.Dispose();
        _pushed.Dispose();
    }

    private static Socket Open(ServerAddress address)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = (int)Patience.TotalMilliseconds,
        };

        try
        {
            socket.Connect(address.Host, address.Port);
            return socket;
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw new BenchFailedException($"cannot connect to {address}: {error.Message}");
        }
    }

    private static void Send(Socket socket, string line)
    {
        try
        {
            socket.Send(Encoding.ASCII.GetBytes(line));
        }
        catch (SocketException error)
        {
            throw new BenchFailedException($"a connection broke: {error.Message}");
        }
    }

    /// <summary>Passes over lines until one begins like that.</summary>
    private void Await(Socket socket, LineBuffer lines, ReadOnlySpan<byte> beginning)
    {
        long since = _clock.Now;

        while (true)
        {
            while (lines.TryTake(out var line) == LineResult.Line)
            {
                if (line.StartsWith(beginning))
                {
                    return;
                }

                if (line.StartsWith("error "u8))
                {
                    throw new BenchFailedException($"the server answers: {Encoding.UTF8.GetString(line)}");
                }
            }

            if (_clock.Now - since > NanoClock.Of(Patience))
            {
                throw new BenchFailedException(
                    $"nothing came for {Patience.TotalSeconds:0} s: are the two servers one cluster?");
            }

            Fill(socket, lines);
        }
    }

    private static void Fill(Socket socket, LineBuffer lines)
    {
        int count = socket.Receive(lines.ReceiveSpace().Span, SocketFlags.None, out var error);

        if (error == SocketError.TimedOut)
        {
            return;
        }

        if (error != SocketError.Success || count == 0)
        {
            throw new BenchFailedException("a connection broke");
        }

        lines.Received(count);
    }
}
