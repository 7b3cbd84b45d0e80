namespace CausalStore.Server.Network;

/// <summary>
/// Which bytes of a connection's output may leave: those of turns whose batch of the journal is durable. It
/// counts bytes from the beginning of the connection, so that sending some does not move the marks.
/// </summary>
/// <remarks>
/// Two marks are enough: of a journal's batches, one is being committed and one is being filled. Where there
/// are more (one is closed early, to be saved), bytes wait longer than they must, and none leaves too early.
/// </remarks>
internal struct OutputGate
{
    private Mark _older;
    private Mark _newer;
    private long _sent;
    private long _released;

    private readonly record struct Mark(long Batch, long End);

    /// <summary>Bytes that wait for the journal.</summary>
    public readonly long Held => _newer.End - _released;

    /// <summary>What was appended since the last call leaves when <paramref name="batch"/> is
    /// durable.</summary>
    /// <param name="length">Bytes that are in the output now.</param>
    /// <param name="durable">The last batch that is durable: its bytes must not wait for a later one.</param>
    public void Seal(int length, long batch, long durable)
    {
        Release(durable);
        long end = _sent + length;

        if (end < _newer.End)
        {
            HoldAnew();
        }

        if (_newer.Batch != batch)
        {
            _older = _newer;
        }

        _newer = new Mark(batch, end);
    }

    /// <summary>Bytes at the front of the output that may be sent.</summary>
    /// <param name="durable">The last batch that is durable.</param>
    public int Release(long durable)
    {
        if (_newer.Batch <= durable)
        {
            _released = _newer.End;
        }
        else if (_older.Batch <= durable)
        {
            _released = Math.Max(_released, _older.End);
        }

        return (int)(_released - _sent);
    }

    /// <summary>So many bytes are sent and consumed.</summary>
    public void Sent(int count) => _sent += count;

    /// <summary>Bytes at the end of the output were dropped, and nobody says where what stands there instead
    /// begins: all of it is of this turn.</summary>
    private void HoldAnew()
    {
        _older = _newer with { End = _sent };
        _newer = _older;
        _released = _sent;
    }
}
