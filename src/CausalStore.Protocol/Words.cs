namespace CausalStore.Protocol;

/// <summary>
/// The words of one line, checked as a whole and unquoted. They are slices of the line itself or of the
/// splitter's memory: valid until the line's buffer or the <see cref="WordSplitter"/> is used again.
/// </summary>
public readonly ref struct Words
{
    private readonly ReadOnlySpan<byte> _line;
    private readonly ReadOnlySpan<byte> _unquoted;
    private readonly ReadOnlySpan<WordSplitter.Slice> _slices;

    internal Words(
        ReadOnlySpan<byte> line, ReadOnlySpan<byte> unquoted, ReadOnlySpan<WordSplitter.Slice> slices)
    {
        _line = line;
        _unquoted = unquoted;
        _slices = slices;
    }

    public int Count => _slices.Length;

    /// <summary>The line, if it is these words with a space between each two and nothing else, not even
    /// quotes; otherwise empty.</summary>
    internal ReadOnlySpan<byte> PlainLine
    {
        get
        {
            int length = Count - 1;

            foreach (var slice in _slices)
            {
                length += slice.Length;
            }

            return length == _line.Length ? _line : [];
        }
    }

    /// <summary>The word at that place; it must exist.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            var slice = _slices[index];
            return (slice.IsUnquoted ? _unquoted : _line).Slice(slice.Start, slice.Length);
        }
    }

    /// <summary>The word at that place, or a <c>syntax</c> error that says what is missing.</summary>
    public ReadOnlySpan<byte> Required(int index, string what) =>
        index < Count ? this[index] : throw ProtocolException.Syntax($"{what} is missing");

    /// <summary>A <c>syntax</c> error if the line has more words than that.</summary>
    public void NoMoreThan(int count, string usage)
    {
        if (Count > count)
        {
            throw ProtocolException.Syntax($"too many words; it is: {usage}");
        }
    }
}
