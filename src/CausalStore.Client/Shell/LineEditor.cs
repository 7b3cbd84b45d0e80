using System.Text;

namespace CausalStore.Client.Shell;

/// <summary>What a key did to the line.</summary>
internal enum KeyEffect
{
    None,

    Changed,

    /// <summary>The line is done.</summary>
    Submitted,

    /// <summary>No more lines will be typed.</summary>
    Ended,
}

/// <summary>The line being typed. The one place that knows what a key means.</summary>
internal sealed class LineEditor
{
    private const int CharactersMax = 1024 * 1024;

    private readonly StringBuilder _text = new();

    public string Text => _text.ToString();

    public KeyEffect Press(ConsoleKeyInfo key)
    {
        bool isControl = key.Modifiers.HasFlag(ConsoleModifiers.Control);

        return key.Key switch
        {
            ConsoleKey.Enter => KeyEffect.Submitted,
            ConsoleKey.Backspace => EraseLast(),
            ConsoleKey.Escape => Clear(),
            ConsoleKey.U when isControl => Clear(),
            ConsoleKey.D or ConsoleKey.Z when isControl => End(),
            _ => Add(key.KeyChar),
        };
    }

    /// <summary>The line, which begins anew.</summary>
    public string Take()
    {
        string text = Text;
        _text.Clear();
        return text;
    }

    private KeyEffect Add(char character)
    {
        if (character is '\r' or '\n')
        {
            return KeyEffect.Submitted;
        }

        if (char.IsControl(character) || _text.Length >= CharactersMax)
        {
            return KeyEffect.None;
        }

        _text.Append(character);

        // The first half of a character is nothing that can be drawn.
        return char.IsHighSurrogate(character) ? KeyEffect.None : KeyEffect.Changed;
    }

    private KeyEffect End() => _text.Length == 0 ? KeyEffect.Ended : KeyEffect.None;

    private KeyEffect EraseLast()
    {
        if (_text.Length == 0)
        {
            return KeyEffect.None;
        }

        bool isPair = _text.Length > 1 && char.IsLowSurrogate(_text[^1]) && char.IsHighSurrogate(_text[^2]);
        _text.Length -= isPair ? 2 : 1;
        return KeyEffect.Changed;
    }

    private KeyEffect Clear()
    {
        _text.Clear();
        return KeyEffect.Changed;
    }
}
