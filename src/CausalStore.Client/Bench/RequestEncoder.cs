using System.Text;

namespace CausalStore.Client.Bench;

/// <summary>Requests as bytes: <c>read K</c> and <c>write K V</c>, or RESP's GET and SET as Redis's own
/// clients send them. Everything but the key's number stands ready.</summary>
internal sealed class RequestEncoder
{
    private readonly byte[] _read;
    private readonly byte[] _write;
    private readonly int _readNumberEnd;
    private readonly int _writeNumberEnd;
    private readonly int _digits;

    public RequestEncoder(Load load, bool isResp)
    {
        _digits = load.KeyBytes - Load.KeyPrefix.Length;
        string key = Load.KeyPrefix + new string('0', _digits);
        string value = new('x', load.ValueBytes);
        string readHead = isResp ? $"*2\r\n$3\r\nGET\r\n${key.Length}\r\n" : "read ";
        string writeHead = isResp ? $"*3\r\n$3\r\nSET\r\n${key.Length}\r\n" : "write ";

        // An empty value is a word as well: between quotes.
        string writeTail = isResp ? $"\r\n${value.Length}\r\n{value}\r\n"
            : $" {(value.Length > 0 ? value : "\"\"")}\n";

        _read = Encoding.ASCII.GetBytes(readHead + key + (isResp ? "\r\n" : "\n"));
        _write = Encoding.ASCII.GetBytes(writeHead + key + writeTail);
        _readNumberEnd = readHead.Length + key.Length;
        _writeNumberEnd = writeHead.Length + key.Length;
    }

    public int RequestBytesMax => Math.Max(_read.Length, _write.Length);

    /// <summary>Writes a request; returns its length.</summary>
    public int Encode(bool isRead, int key, Span<byte> target)
    {
        byte[] request = isRead ? _read : _write;
        int position = isRead ? _readNumberEnd : _writeNumberEnd;
        request.CopyTo(target);

        for (int digit = 0; digit < _digits && key > 0; digit++)
        {
            (key, int last) = Math.DivRem(key, 10);
            target[--position] = (byte)('0' + last);
        }

        return request.Length;
    }
}

/// <summary>Batches of requests, one after the other in the same memory.</summary>
internal sealed class BatchWriter
{
    private readonly RequestEncoder _encoder;
    private readonly KeyChooser _keys;
    private readonly byte[] _batch;

    public BatchWriter(Load load, bool isResp)
    {
        _encoder = new RequestEncoder(load, isResp);
        _keys = new KeyChooser(load);
        _batch = new byte[_encoder.RequestBytesMax * load.Depth];
    }

    /// <summary>The next requests; valid until the next call.</summary>
    public ReadOnlySpan<byte> Write(int requests)
    {
        int length = 0;

        for (int request = 0; request < requests; request++)
        {
            bool isRead = _keys.NextIsRead();
            length += _encoder.Encode(isRead, _keys.NextKey(), _batch.AsSpan(length));
        }

        return _batch.AsSpan(0, length);
    }
}
