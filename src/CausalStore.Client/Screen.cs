using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Client;

/// <summary>
/// Where replies and pushes go. To a program: the raw lines, on standard output. To a person: sentences, above the
/// line that is being typed.
/// </summary>
internal sealed class Screen(Stream output, bool forPeople)
{
    private const int ShownCharactersMax = 300;

    private readonly Lock _gate = new();
    private readonly List<string> _shown = [];
    private LineEditor? _editor;
    private int _expectedFrom;

    /// <summary>The line that is being typed below what is shown.</summary>
    public void Below(LineEditor editor) => _editor = editor;

    public void Show(Reply reply)
    {
        foreach (var line in reply.Lines)
        {
            Show(line);
        }
    }

    public void Show(ReplyLine line)
    {
        lock (_gate)
        {
            if (forPeople)
            {
                Say(Sentence(line));
                return;
            }

            _shown.Add(Encoding.UTF8.GetString(line.Bytes.Span));
            output.Write(line.Bytes.Span);
            output.Write("\n"u8);
            output.Flush();
        }
    }

    /// <summary>A sentence for a person.</summary>
    public void Say(string text)
    {
        lock (_gate)
        {
            _editor?.Erase();
            output.Write(Encoding.UTF8.GetBytes(text + Environment.NewLine));
            output.Flush();
            _editor?.Redraw();
        }
    }

    /// <summary>Whether a text was shown since the last one that was expected.</summary>
    public bool HasShown(string text)
    {
        lock (_gate)
        {
            int index = _shown.FindIndex(_expectedFrom, line => line.Contains(text, StringComparison.Ordinal));
            _expectedFrom = index < 0 ? _expectedFrom : index + 1;
            return index >= 0;
        }
    }

    private static string Sentence(ReplyLine line) => Clip(line.Meaning switch
    {
        Response.Update(var key, var value, var version) => $"{Word(key)} is now {Word(value)} ({version})",
        Response.Removed(var key, var version) => $"{Word(key)} is gone ({version})",
        Response.Value(var key, var value, var version) => $"{Word(key)} = {Word(value)} ({version})",
        Response.Missing { Version: { } version } gone => $"{Word(gone.Key)} was deleted ({version})",
        Response.Missing missing => $"{Word(missing.Key)} has no value here",
        Response.Error(var code, string reason) => $"{code.Name()}: {reason}",
        _ => Encoding.UTF8.GetString(line.Bytes.Span),
    });

    private static string Word(byte[] word)
    {
        OutputBuffer quoted = new();
        quoted.AppendWord(word);
        return Encoding.UTF8.GetString(quoted.Written);
    }

    private static string Clip(string text)
    {
        string plain = string.Concat(text.Select(character => char.IsControl(character) ? '\uFFFD' : character));
        return plain.Length <= ShownCharactersMax ? plain : $"{plain[..ShownCharactersMax]}... ({plain.Length} characters)";
    }
}
