using System.Net.Sockets;

namespace CausalStore.Client.Bench;

/// <summary>One connection under load: a batch of requests is under way, or none.</summary>
internal sealed class LoadConnection(Socket socket, ReplyReader replies)
{
    private byte[] _unsent = [];
    private int _unsentStart;
    private int _unsentEnd;

    public Socket Socket { get; } = socket;

    /// <summary>Replies of the batch that have not come.</summary>
    public int Awaited { get; private set; }

    /// <summary>When the batch was sent, or should have been.</summary>
    public long SentAt { get; private set; }

    /// <summary>Whether the socket would not take all of the batch yet.</summary>
    public bool HasUnsent => _unsentStart < _unsentEnd;

    public void Send(ReadOnlySpan<byte> batch, int requests, long sentAt)
    {
        Awaited = requests;
        SentAt = sentAt;
        var rest = batch[SendSome(batch)..];

        if (rest.IsEmpty)
        {
            return;
        }

        if (_unsent.Length < rest.Length)
        {
            _unsent = new byte[batch.Length];
        }

        rest.CopyTo(_unsent);
        _unsentStart = 0;
        _unsentEnd = rest.Length;
    }

    public void SendUnsent() =>
        _unsentStart += SendSome(_unsent.AsSpan(_unsentStart, _unsentEnd - _unsentStart));

    /// <summary>Receives once; returns how many replies have ended.</summary>
    public int Receive(Span<byte> buffer)
    {
        int length = Socket.Receive(buffer, SocketFlags.None, out var error);

        if (error == SocketError.WouldBlock)
        {
            return 0;
        }

        if (error != SocketError.Success || length == 0)
        {
            throw new BenchFailedException(length == 0 && error == SocketError.Success
                ? "the server closed a connection"
                : $"a connection broke: {error}");
        }

        int ended = replies.Take(buffer[..length]);
        Awaited -= ended;
        return Awaited >= 0
            ? ended
            : throw new BenchFailedException("more replies than requests: does it speak this protocol?");
    }

    private int SendSome(ReadOnlySpan<byte> bytes)
    {
        int sent = Socket.Send(bytes, SocketFlags.None, out var error);
        return error is SocketError.Success or SocketError.WouldBlock
            ? Math.Max(0, sent)
            : throw new BenchFailedException($"a connection broke: {error}");
    }
}
