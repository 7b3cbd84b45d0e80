namespace CausalStore.Server.Storage;

/// <summary>Lines that become durable together; their rows are theirs alone.</summary>
internal sealed class JournalSegment(long batch)
{
    private const int SmallestBytes = 4 * 1024;
    private byte[] _bytes = [];
    private int _length;
    private long _lastRow;

    public long Batch { get; } = batch;

    /// <summary>Its last row once it is durable; 0 before. For any thread.</summary>
    public long LastRow
    {
        get => Volatile.Read(ref _lastRow);
        set => Volatile.Write(ref _lastRow, value);
    }

    /// <summary>Nothing more is appended.</summary>
    public bool IsClosed { get; set; }

    public ReadOnlySpan<byte> Lines => _bytes.AsSpan(0, _length);

    public void Append(ReadOnlySpan<byte> lines)
    {
        if (_bytes.Length - _length < lines.Length)
        {
            int atLeast = Math.Max(SmallestBytes, 2 * _bytes.Length);
            Array.Resize(ref _bytes, Math.Max(atLeast, _length + lines.Length));
        }

        lines.CopyTo(_bytes.AsSpan(_length));
        _length += lines.Length;
    }

    /// <summary>It is durable: its memory is needed no more.</summary>
    public void Release() => _bytes = [];
}
