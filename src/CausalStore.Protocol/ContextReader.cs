namespace CausalStore.Protocol;

/// <summary>The entries of a context, read one by one from its word: every replicated write has one, and most
/// need nothing that would have to be kept.</summary>
public ref struct ContextReader(ReadOnlySpan<byte> word)
{
    // After the last entry there is nothing, not even a comma.
    private ReadOnlySpan<byte> _rest = word;
    private bool _isAtEnd = word.SequenceEqual("-"u8);

    public WriteVersion Current { get; private set; }

    /// <summary>Whether the current entry is <c>..T@S</c>.</summary>
    public bool IsUpTo { get; private set; }

    /// <summary>Whether reading has ended because the next entry is none.</summary>
    public bool IsMalformed { get; private set; }

    public bool MoveNext()
    {
        if (_isAtEnd)
        {
            return false;
        }

        int comma = _rest.IndexOf((byte)',');
        var entry = comma < 0 ? _rest : _rest[..comma];
        _rest = comma < 0 ? [] : _rest[(comma + 1)..];
        IsUpTo = entry.StartsWith(".."u8);
        IsMalformed = !WriteVersion.TryParse(IsUpTo ? entry[2..] : entry, out var version);
        Current = version;
        _isAtEnd = comma < 0 || IsMalformed;
        return !IsMalformed;
    }
}
