using System.Globalization;
using System.Text;

namespace CausalStore.Terminal;

/// <summary>What a key did to the line.</summary>
public enum KeyEffect
{
    None,

    /// <summary>The text or the cursor is another one.</summary>
    Changed,

    /// <summary>The line is done.</summary>
    Submitted,

    /// <summary>The line was thrown away.</summary>
    Abandoned,

    /// <summary>The word before the cursor is to be completed.</summary>
    Completing,

    /// <summary>The terminal is to be cleared.</summary>
    Cleared,

    /// <summary>No more lines will be typed.</summary>
    Ended,
}

/// <summary>The line being typed. The one place that knows what a key means.</summary>
public sealed class LineEditor(LineHistory history)
{
    private const int CharactersMax = 1024 * 1024;

    private readonly StringBuilder _text = new();
    private string _killed = "";

    /// <summary>The text and not yet asked for again; null: it has changed.</summary>
    private string? _asText = "";

    public string Text => _asText ??= _text.ToString();

    /// <summary>Characters before the cursor; never inside of what a person sees as one.</summary>
    public int Cursor { get; private set; }

    public KeyEffect Press(ConsoleKeyInfo key)
    {
        bool isControl = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        bool isAlt = key.Modifiers.HasFlag(ConsoleModifiers.Alt);

        // AltGr is both, and makes characters.
        return (isControl, isAlt) switch
        {
            (true, false) => PressControl(key),
            (false, true) => PressAlt(key),
            _ => PressPlain(key),
        };
    }

    /// <summary>The line, which begins anew.</summary>
    public string Take()
    {
        string text = Text;
        history.Add(text.TrimEnd(' '));
        Set("");
        return text;
    }

    /// <summary>Puts a text in the place of what stands from there to the cursor.</summary>
    public void ReplaceBeforeCursor(int start, string text)
    {
        _text.Remove(start, Cursor - start).Insert(start, text);
        Edited(start + text.Length);
    }

    private KeyEffect PressPlain(ConsoleKeyInfo key) => key.Key switch
    {
        ConsoleKey.Enter => KeyEffect.Submitted,
        ConsoleKey.Tab => KeyEffect.Completing,
        ConsoleKey.Escape => Kill(0, _text.Length),
        ConsoleKey.Backspace => Remove(Left(Cursor), Cursor),
        ConsoleKey.Delete => Remove(Cursor, Right(Cursor)),
        ConsoleKey.LeftArrow => MoveTo(Left(Cursor)),
        ConsoleKey.RightArrow => MoveTo(Right(Cursor)),
        ConsoleKey.Home => MoveTo(0),
        ConsoleKey.End => MoveTo(_text.Length),
        ConsoleKey.UpArrow => Recall(history.Older(Text)),
        ConsoleKey.DownArrow => Recall(history.Newer()),
        _ => Insert(key.KeyChar),
    };

    private KeyEffect PressControl(ConsoleKeyInfo key) => key.Key switch
    {
        ConsoleKey.A => MoveTo(0),
        ConsoleKey.E => MoveTo(_text.Length),
        ConsoleKey.B => MoveTo(Left(Cursor)),
        ConsoleKey.F => MoveTo(Right(Cursor)),
        ConsoleKey.LeftArrow => MoveTo(WordLeft()),
        ConsoleKey.RightArrow => MoveTo(WordRight()),
        ConsoleKey.K => Kill(Cursor, _text.Length),
        ConsoleKey.U => Kill(0, Cursor),
        ConsoleKey.W => Kill(WordLeft(), Cursor),
        ConsoleKey.Y => Insert(_killed),
        ConsoleKey.P => Recall(history.Older(Text)),
        ConsoleKey.N => Recall(history.Newer()),
        ConsoleKey.R => Recall(history.OlderWith(Text)),
        ConsoleKey.L => KeyEffect.Cleared,
        ConsoleKey.C => Abandon(),
        ConsoleKey.D when _text.Length > 0 => Remove(Cursor, Right(Cursor)),
        ConsoleKey.D => KeyEffect.Ended,
        ConsoleKey.Z when _text.Length == 0 => KeyEffect.Ended,
        ConsoleKey.H => Remove(Left(Cursor), Cursor),
        ConsoleKey.J or ConsoleKey.M => KeyEffect.Submitted,
        ConsoleKey.I => KeyEffect.Completing,
        _ => PressPlain(key),
    };

    private KeyEffect PressAlt(ConsoleKeyInfo key) => key.Key switch
    {
        ConsoleKey.B or ConsoleKey.LeftArrow => MoveTo(WordLeft()),
        ConsoleKey.F or ConsoleKey.RightArrow => MoveTo(WordRight()),
        ConsoleKey.D => Kill(Cursor, WordRight()),
        ConsoleKey.Backspace => Kill(WordLeft(), Cursor),
        _ => KeyEffect.None,
    };

    private KeyEffect Insert(char character)
    {
        if (character is '\r' or '\n')
        {
            return KeyEffect.Submitted;
        }

        if (char.IsControl(character))
        {
            return KeyEffect.None;
        }

        // The first half of a character is nothing that can be drawn.
        return Insert(character.ToString()) == KeyEffect.Changed && !char.IsHighSurrogate(character)
            ? KeyEffect.Changed
            : KeyEffect.None;
    }

    private KeyEffect Insert(string text)
    {
        if (text.Length == 0 || _text.Length + text.Length > CharactersMax)
        {
            return KeyEffect.None;
        }

        _text.Insert(Cursor, text);
        return Edited(Cursor + text.Length);
    }

    private KeyEffect Kill(int start, int end)
    {
        if (end > start)
        {
            _killed = Text[start..end];
        }

        return Remove(start, end);
    }

    private KeyEffect Remove(int start, int end)
    {
        if (start == end)
        {
            return KeyEffect.None;
        }

        _text.Remove(start, end - start);
        return Edited(start);
    }

    private KeyEffect Edited(int cursor)
    {
        _asText = null;
        Cursor = cursor;
        history.Leave();
        return KeyEffect.Changed;
    }

    private KeyEffect MoveTo(int cursor)
    {
        bool isMoved = cursor != Cursor;
        Cursor = cursor;
        return isMoved ? KeyEffect.Changed : KeyEffect.None;
    }

    private KeyEffect Recall(string? line)
    {
        if (line is null)
        {
            return KeyEffect.None;
        }

        Set(line);
        return KeyEffect.Changed;
    }

    /// <summary>As in a shell: a line is thrown away, and who has none leaves.</summary>
    private KeyEffect Abandon()
    {
        bool hasText = _text.Length > 0;
        Set("");
        history.Leave();
        return hasText ? KeyEffect.Abandoned : KeyEffect.Ended;
    }

    private void Set(string text)
    {
        _text.Clear().Append(text);
        _asText = text;
        Cursor = text.Length;
    }

    private int Right(int from) => from == _text.Length
        ? from
        : from + StringInfo.GetNextTextElementLength(Text, from);

    /// <summary>What a person sees as one may be many characters, and only from the front can it be told
    /// where one begins.</summary>
    private int Left(int from)
    {
        int start = 0;

        for (int next = 0; next < from; next = Right(next))
        {
            start = next;
        }

        return start;
    }

    private int WordLeft()
    {
        int start = Cursor;

        while (start > 0 && Text[start - 1] == ' ')
        {
            start--;
        }

        while (start > 0 && Text[start - 1] != ' ')
        {
            start--;
        }

        return start;
    }

    private int WordRight()
    {
        int end = Cursor;

        while (end < _text.Length && Text[end] == ' ')
        {
            end++;
        }

        while (end < _text.Length && Text[end] != ' ')
        {
            end++;
        }

        return end;
    }
}
