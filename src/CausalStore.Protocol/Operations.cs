namespace CausalStore.Protocol;

/// <summary><c>write K V</c> or <c>delete K</c>.</summary>
public readonly ref struct Operation(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isDelete)
{
    public ReadOnlySpan<byte> Key { get; } = key;

    /// <summary>Empty for a delete.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    public bool IsDelete { get; } = isDelete;
}

/// <summary><c>write K V write K V delete K ...</c>: what one atomic write does, read from the words of a
/// line. Enumerate it with foreach; a malformed one throws on the way.</summary>
public ref struct Operations(Words words, int first)
{
    /// <summary>Bytes in a key, at most.</summary>
    public const int KeyBytesMax = 1024;

    private readonly Words _words = words;
    private int _next = first;

    public Operation Current { get; private set; }

    public readonly Operations GetEnumerator() => this;

    public static bool IsVerb(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("write"u8) || word.SequenceEqual("delete"u8);

    /// <summary>Checks a key's length.</summary>
    /// <exception cref="ProtocolException">It is empty or too large.</exception>
    public static ReadOnlySpan<byte> CheckedKey(ReadOnlySpan<byte> key) => key.Length switch
    {
        0 => throw ProtocolException.Syntax("a key has at least one byte"),
        > KeyBytesMax => throw new ProtocolException(
            ErrorCode.TooLarge, $"a key of {key.Length} bytes; it may have {KeyBytesMax}"),
        _ => key,
    };

    public bool MoveNext()
    {
        if (_next == _words.Count)
        {
            return false;
        }

        var verb = _words[_next];
        bool isDelete = verb.SequenceEqual("delete"u8);

        if (!isDelete && !verb.SequenceEqual("write"u8))
        {
            throw ProtocolException.Syntax(
                "expected 'write KEY VALUE' or 'delete KEY'; a value with spaces is written between quotes");
        }

        var key = CheckedKey(_words.Required(_next + 1, isDelete ? "the key to delete" : "the key to write"));
        var value = isDelete ? [] : _words.Required(_next + 2, "the value to write");
        Current = new Operation(key, value, isDelete);
        _next += isDelete ? 2 : 3;
        return true;
    }

    /// <summary>Checks all of it; returns how many operations there are, at least one.</summary>
    /// <exception cref="ProtocolException">It is malformed.</exception>
    public static int Validate(Words words, int first)
    {
        int count = 0;

        foreach (var _ in new Operations(words, first))
        {
            count++;
        }

        return count > 0 ? count : throw ProtocolException.Syntax("a write has at least one operation");
    }

    /// <summary>Writes them in their one canonical form, without a line end.</summary>
    public readonly void AppendTo(OutputBuffer output)
    {
        bool first = true;

        foreach (var operation in this)
        {
            output.Append(first ? ""u8 : " "u8);
            first = false;

            if (operation.IsDelete)
            {
                output.Append("delete "u8).AppendWord(operation.Key);
            }
            else
            {
                output.Append("write "u8).AppendWord(operation.Key).Space().AppendWord(operation.Value);
            }
        }
    }
}
