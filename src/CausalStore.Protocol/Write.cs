namespace CausalStore.Protocol;

/// <summary>
/// One atomic change that has got its version: immutable, the same at every server. It is kept as the line in
/// which it travels, encoded once for the journal and for every peer.
/// </summary>
public sealed class Write
{
    private readonly byte[] _line;
    private readonly int _operationsStart;

    private Write(WriteVersion version, long previous, Context needs, byte[] line, int operationsStart)
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

    /// <summary>The greatest timestamp in PREVIOUS and NEEDS; an honest one is below VERSION's.</summary>
    public long OlderMax => Math.Max(Previous, Needs.TimestampMax);

    /// <summary>What it costs to keep it, in bytes, roughly.</summary>
    public int Bytes => _line.Length + 96 + (16 * Needs.Count);

    /// <summary>A write of the operations in <paramref name="words"/> from there on.</summary>
    /// <param name="scratch">Used and left empty.</param>
    public static Write Create(
        WriteVersion version, long previous, Context needs, Words words, int first, OutputBuffer scratch)
    {
        scratch.Append("replicate "u8).Append(version).Space().Append(previous).Space();
        needs.AppendTo(scratch);
        scratch.Space();
        int operationsStart = scratch.Length;
        new Operations(words, first).AppendTo(scratch);
        scratch.EndLine();

        byte[] line = scratch.Written.ToArray();
        scratch.Clear();
        return new Write(version, previous, needs, line, operationsStart);
    }

    /// <summary>Reads <c>replicate VERSION PREVIOUS NEEDS OPS</c>.</summary>
    /// <param name="scratch">Used and left empty.</param>
    /// <exception cref="ProtocolException">It is malformed.</exception>
    public static Write Parse(Words words, OutputBuffer scratch)
    {
        if (!WriteVersion.TryParse(words.Required(1, "the version"), out var version))
        {
            throw ProtocolException.Syntax("not a version; it looks like 5@2");
        }

        if (!WriteVersion.TryParseTimestamp(words.Required(2, "the previous timestamp"), out long previous))
        {
            throw ProtocolException.Syntax("not a timestamp: PREVIOUS is a number, 0 for none");
        }

        var needs = Context.Parse(words.Required(3, "what the write needs"));
        Operations.Validate(words, first: 4);

        return Create(version, previous, needs, words, first: 4, scratch);
    }

    public override string ToString() => System.Text.Encoding.UTF8.GetString(Line[..^1]);
}
