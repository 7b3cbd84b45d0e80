using System.Text;

namespace CausalStore.Protocol;

/// <summary>
/// A write on its way: <c>replicate VERSION PREVIOUS NEEDS OPS</c> as slices of the line it came in, checked,
/// with nothing copied or allocated. It is valid as long as its words are; <see cref="Write"/> is the same to
/// be kept.
/// </summary>
public readonly ref struct WriteLine
{
    private const int FirstOperation = 4;

    private readonly ReadOnlySpan<byte> _needs;
    private readonly Words _words;
    private readonly int _firstOperation;

    /// <summary>Where it is known to have come in its canonical form; otherwise empty.</summary>
    private readonly ReadOnlySpan<byte> _canonical;

    private WriteLine(
        WriteVersion version, long previous, long olderMax, ReadOnlySpan<byte> needs, Words words,
        int firstOperation, ReadOnlySpan<byte> canonical)
    {
        Version = version;
        Previous = previous;
        OlderMax = olderMax;
        _needs = needs;
        _words = words;
        _firstOperation = firstOperation;
        _canonical = canonical;
    }

    public WriteVersion Version { get; }

    /// <summary>The timestamp of the origin's write before this one; 0: there is none.</summary>
    public long Previous { get; }

    /// <summary>The greatest timestamp in PREVIOUS and NEEDS; an honest one is below VERSION's.</summary>
    public long OlderMax { get; }

    /// <summary>What its writer had seen; applied everywhere before this write is.</summary>
    public ContextReader Needs => new(_needs);

    /// <summary>How many writes it needs, as they are named.</summary>
    public int NeedsCount => _needs.SequenceEqual("-"u8) ? 0 : _needs.Count((byte)',') + 1;

    public Operations Operations => new(_words, _firstOperation);

    /// <summary>A client's write, that has got its version.</summary>
    /// <param name="needs">A well-formed context.</param>
    /// <param name="operations">Words that <see cref="Operations.Validate"/> has checked.</param>
    public static WriteLine Of(
        WriteVersion version, long previous, ReadOnlySpan<byte> needs, Words operations) =>
        new(version, previous, olderMax: 0, needs, operations, firstOperation: 0, canonical: []);

    /// <summary>Reads the words of a line that begins with <c>replicate</c>.</summary>
    /// <exception cref="ProtocolException">It is malformed.</exception>
    public static WriteLine Parse(Words words)
    {
        if (!WriteVersion.TryParse(words.Required(1, "the version"), out var version))
        {
            throw ProtocolException.Syntax("not a version; it looks like 5@2");
        }

        if (!WriteVersion.TryParseTimestamp(words.Required(2, "the previous timestamp"), out long previous))
        {
            throw ProtocolException.Syntax("not a timestamp: PREVIOUS is a number, 0 for none");
        }

        var said = words.Required(3, "what the write needs");
        var needs = Canonical(said, out long greatestNeeded);
        Operations.Validate(words, FirstOperation);
        return new WriteLine(
            version, previous, Math.Max(previous, greatestNeeded), needs, words, FirstOperation,
            needs == said ? words.PlainLine : []);
    }

    /// <summary>The line in its one canonical form, with its LF.</summary>
    public void AppendTo(OutputBuffer output)
    {
        if (_canonical.IsEmpty)
        {
            AppendHeadTo(output);
            Operations.AppendTo(output);
        }
        else
        {
            output.Append(_canonical);
        }

        output.EndLine();
    }

    /// <summary>The same, to be kept.</summary>
    /// <param name="scratch">Used and left empty.</param>
    public Write ToWrite(OutputBuffer scratch)
    {
        AppendHeadTo(scratch);
        int operationsStart = scratch.Length;
        Operations.AppendTo(scratch);
        scratch.EndLine();
        byte[] line = scratch.Written.ToArray();
        scratch.Clear();
        return new Write(Version, Previous, Context.Parse(_needs), line, operationsStart);
    }

    private void AppendHeadTo(OutputBuffer output) => output.Append("replicate "u8).Append(Version).Space()
        .Append(Previous).Space().Append(_needs).Space();

    /// <summary>A context with its <c>..T@S</c> entries in front, where our servers write them.</summary>
    private static ReadOnlySpan<byte> Canonical(ReadOnlySpan<byte> word, out long greatest)
    {
        ContextReader needs = new(word);
        bool isInOrder = true;
        bool isExactBefore = false;
        greatest = 0;

        while (needs.MoveNext())
        {
            greatest = Math.Max(greatest, needs.Current.Timestamp);
            isInOrder &= !(needs.IsUpTo && isExactBefore);
            isExactBefore |= !needs.IsUpTo;
        }

        return needs.IsMalformed ? throw Context.Malformed()
            : isInOrder ? word
            : Encoding.UTF8.GetBytes(Context.Parse(word).ToString());
    }
}
