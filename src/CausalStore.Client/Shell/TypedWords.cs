using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Client.Shell;

/// <summary>The words of a line that is still being typed.</summary>
/// <param name="Whole">Those that are done.</param>
/// <param name="Begun">What the last one is so far; empty: it is not begun.</param>
/// <param name="Start">Where it begins in the line.</param>
/// <param name="Last">As it stands there.</param>
internal sealed record TypedWords(string[] Whole, string Begun, int Start, string Last)
{
    public bool IsQuoted => Last.StartsWith('"');

    /// <summary>Null: the words cannot be told apart.</summary>
    public static TypedWords? Of(string line)
    {
        int start = StartOfLast(line);
        string last = line[start..];
        var whole = Split(line[..start]);
        var begun = Split(last) ?? Split(last + '"');
        return whole is null || begun is null
            ? null
            : new TypedWords(whole, begun.Length > 0 ? begun[0] : "", start, last);
    }

    private static int StartOfLast(string line)
    {
        int start = 0;
        bool isInQuotes = false;

        for (int place = 0; place < line.Length; place++)
        {
            if (line[place] == '"')
            {
                isInQuotes = !isInQuotes;
            }
            else if (line[place] == '\\' && isInQuotes)
            {
                place++;
            }
            else if (line[place] == ' ' && !isInQuotes)
            {
                start = place + 1;
            }
        }

        return start;
    }

    private static string[]? Split(string text)
    {
        try
        {
            var words = new WordSplitter().Split(Encoding.UTF8.GetBytes(text));
            string[] texts = new string[words.Count];

            for (int index = 0; index < texts.Length; index++)
            {
                texts[index] = Encoding.UTF8.GetString(words[index]);
            }

            return texts;
        }
        catch (ProtocolException)
        {
            return null;
        }
    }
}
