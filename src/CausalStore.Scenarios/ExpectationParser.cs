using System.Globalization;
using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Scenarios;

/// <summary>What stands behind <c>expect</c> and <c>wait until</c>: the grammar stands in
/// <see cref="ScenarioParser"/>.</summary>
internal static class ExpectationParser
{
    private const string Usage = "it is 'read at carol: y = found, z missing', 'pending at 3: z', "
        + "'pushes at carol: x = lost, y removed', 'same everywhere', 'serving at 4', 'waiting at 4' "
        + "or 'error not-yet'";

    public static Expectation Parse(string text)
    {
        int colon = text.IndexOf(':');
        string[] head = (colon < 0 ? text : text[..colon]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var parts = colon < 0 ? [] : Split(text[(colon + 1)..]);

        return (head, colon >= 0) switch
        {
            (["read", "at", var client], true) => new Expectation.Read(
                Client(client), Keys(parts, "missing")),
            (["pending", "at", var server], true) => new Expectation.Pending(Server(server), Names(parts)),
            (["pushes", "at", var client], true) => new Expectation.Pushes(
                Client(client), IsNone(parts) ? [] : Keys(parts, "removed")),
            (["same", "everywhere"], false) => new Expectation.SameEverywhere(),
            (["serving", "at", var server], false) => new Expectation.Serving(Server(server), true),
            (["waiting", "at", var server], false) => new Expectation.Serving(Server(server), false),
            (["error", var code], false) => new Expectation.Error(Code(code)),
            _ => throw new ScenarioException($"that cannot be expected; {Usage}"),
        };
    }

    public static int Server(string word) =>
        int.TryParse(word, NumberStyles.None, null, out int id) && id is > 0 and <= ushort.MaxValue
            ? id
            : throw new ScenarioException($"'{word}' is no server; a server is a number, as in 3");

    public static string Client(string word) =>
        word.Length > 0 && word.All(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_')
            && !char.IsDigit(word[0])
            ? word
            : throw new ScenarioException($"'{word}' is no client; a client is a name, as in alice");

    private static ErrorCode Code(string word)
    {
        var code = ErrorCodes.FromName(word);
        return code.Name() == word
            ? code
            : throw new ScenarioException(
                $"'{word}' is no code of an error; there are "
                + string.Join(", ", Enum.GetValues<ErrorCode>().Select(one => one.Name())));
    }

    private static bool IsNone(List<string> parts) => parts is ["none"];

    private static List<string> Names(List<string> parts) => IsNone(parts)
        ? []
        : [.. parts.Select(part => Words(part) is [var key]
            ? key
            : throw new ScenarioException(
                $"'{part}' is no key; keys stand with commas between them, or 'none'"))];

    private static List<ExpectedKey> Keys(List<string> parts, string gone) =>
    [
        .. parts.Select(part => Words(part) switch
        {
            [var key, "=", var value] => new ExpectedKey(key, value),
            [var key, var word] when word == gone => new ExpectedKey(key, null),
            _ => throw new ScenarioException(
                $"'{part}' says nothing of a key; it is 'y = found' or 'z {gone}'"),
        }),
    ];

    /// <summary>At commas that stand in no quotes.</summary>
    private static List<string> Split(string text)
    {
        List<string> parts = [];
        bool isQuoted = false;
        int first = 0;

        for (int position = 0; position < text.Length; position++)
        {
            if (isQuoted && text[position] == '\\')
            {
                position++;
            }
            else if (text[position] == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (text[position] == ',' && !isQuoted)
            {
                parts.Add(text[first..position].Trim());
                first = position + 1;
            }
        }

        parts.Add(text[first..].Trim());
        return parts;
    }

    private static string[] Words(string text)
    {
        var words = new WordSplitter().Split(Encoding.UTF8.GetBytes(text));
        string[] all = new string[words.Count];

        for (int index = 0; index < all.Length; index++)
        {
            all[index] = Encoding.UTF8.GetString(words[index]);
        }

        return all;
    }
}
