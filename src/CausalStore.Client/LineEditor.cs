using System.Text;

namespace CausalStore.Client;

/// <summary>
/// The line that a person types: what is pushed meanwhile stands above it, and it is drawn again below. The seam
/// for a richer editor.
/// </summary>
internal sealed class LineEditor(string prompt, Action<string> draw)
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _typed = new();
    private bool _isOpen;

    /// <summary>Begins a new line.</summary>
    public void Open()
    {
        lock (_gate)
        {
            _typed.Clear();
            _isOpen = true;
            Redraw();
        }
    }

    /// <summary>Takes a key; returns the line once it is whole.</summary>
    public string? Take(ConsoleKeyInfo key)
    {
        lock (_gate)
        {
            if (key.Key == ConsoleKey.Enter)
            {
                _isOpen = false;
                draw(Environment.NewLine);
                return _typed.ToString();
            }

            if (key.Key == ConsoleKey.Backspace && _typed.Length > 0)
            {
                Erase();
                _typed.Length--;
                Redraw();
            }
            else if (!char.IsControl(key.KeyChar))
            {
                _typed.Append(key.KeyChar);
                draw(key.KeyChar.ToString());
            }

            return null;
        }
    }

    /// <summary>Whether nothing is typed: then Ctrl+D ends the program.</summary>
    public bool IsEmpty => _typed.Length == 0;

    public void Erase()
    {
        lock (_gate)
        {
            if (_isOpen)
            {
                draw($"\r{new string(' ', prompt.Length + _typed.Length)}\r");
            }
        }
    }

    public void Redraw()
    {
        lock (_gate)
        {
            if (_isOpen)
            {
                draw($"{prompt}{_typed}");
            }
        }
    }
}
