namespace CausalStore.Simulation;

/// <summary>Which bytes of an output may leave: those of turns whose batch of the journal is
/// durable.</summary>
internal sealed class OutputGate
{
    private readonly Queue<(long Batch, long End)> _marks = [];
    private long _sealed;
    private long _open;
    private long _sent;

    /// <summary>What was appended since the last call leaves when the batch is durable.</summary>
    /// <param name="length">Bytes that are in the output now.</param>
    public void Seal(int length, long batch)
    {
        if (_sent + length > _sealed)
        {
            _sealed = _sent + length;
            _marks.Enqueue((batch, _sealed));
        }
    }

    /// <summary>Whether so many bytes at the front may leave.</summary>
    public bool Lets(int count, long durable)
    {
        while (_marks.TryPeek(out var mark) && mark.Batch <= durable)
        {
            _open = mark.End;
            _marks.Dequeue();
        }

        return _sent + count <= _open;
    }

    public void Sent(int count) => _sent += count;
}
