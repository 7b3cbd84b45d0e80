namespace CausalStore.Protocol;

/// <summary>
/// One atomic change that has got its version: immutable, the same at every server. It is kept as the line in
/// which it travels.
/// </summary>
public sealed class Write
{
    private readonly byte[] _line;
    private readonly int _operationsStart;

    internal Write(WriteVersion version, long previous, Context needs, byte[] line, int operationsStart)
    {
        Version = version;
        Previous = previous;
        Needs = needs;
        _line = line;
        _operationsStart = operationsStart;
    }

    public WriteVersion Version { get; }

    /// <summary>The timestamp of the origin's write before this one; 0: there is none.</summary>
    public long Previous { get; }

    /// <summary>What its writer had seen; applied everywhere before this write is.</summary>
    public Context Needs { get; }

    /// <summary><c>replicate VERSION PREVIOUS NEEDS OPS</c> with its LF, in canonical form.</summary>
    public ReadOnlySpan<byte> Line => _line;

    /// <summary>The operations as they are written, without a line end.</summary>
    public ReadOnlySpan<byte> OperationsText => _line.AsSpan(_operationsStart..^1);

    /// <summary>What it costs to keep it, in bytes, roughly.</summary>
    public int Bytes => _line.Length + 96 + (16 * Needs.Count);

    /// <summary>Reads <c>replicate VERSION PREVIOUS NEEDS OPS</c>.</summary>
    /// <param name="scratch">Used and left empty.</param>
    /// <exception cref="ProtocolException">It is malformed.</exception>
    public static Write Parse(Words words, OutputBuffer scratch) => WriteLine.Parse(words).ToWrite(scratch);

    public override string ToString() => System.Text.Encoding.UTF8.GetString(Line[..^1]);
}
