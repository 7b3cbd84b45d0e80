using System.Text;

namespace CausalStore.Terminal;

/// <summary>Whole lines that others write, each printed above the line that is typed.</summary>
public sealed class ScreenWriter(Screen screen) : TextWriter
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _line = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        lock (_gate)
        {
            while (buffer.IndexOf('\n') is >= 0 and var end)
            {
                _line.Append(buffer[..end]);
                screen.Print(_line.ToString().TrimEnd('\r'));
                _line.Clear();
                buffer = buffer[(end + 1)..];
            }

            _line.Append(buffer);
        }
    }
}
