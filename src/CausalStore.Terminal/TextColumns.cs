using System.Text;

namespace CausalStore.Terminal;

/// <summary>How much room a text takes in a terminal.</summary>
public static class TextColumns
{
    private const string Cut = "...";

    /// <summary>Columns that a character takes: East Asian ones and emoji take two, marks above others
    /// none.</summary>
    public static int Of(Rune rune) => rune.Value switch
    {
        >= 0x300 and < 0x370 or 0x200C or 0x200D or >= 0xFE00 and < 0xFE10 => 0,
        >= 0x1100 and < 0x1160 or >= 0x2E80 and < 0xA4D0 or >= 0xAC00 and < 0xD7A4 => 2,
        >= 0xF900 and < 0xFB00 or >= 0xFE30 and < 0xFE70 or >= 0xFF00 and < 0xFF61 or >= 0x1F000 => 2,
        _ => 1,
    };

    public static int Of(ReadOnlySpan<char> text)
    {
        int columns = 0;

        foreach (var rune in text.EnumerateRunes())
        {
            columns += Of(rune);
        }

        return columns;
    }

    /// <summary>The text, or its beginning and <c>...</c> where there is no room for all of it.</summary>
    public static string Fit(string text, int columns) =>
        Of(text) <= columns ? text
        : columns <= Cut.Length ? Beginning(text, columns)
        : Beginning(text, columns - Cut.Length) + Cut;

    /// <summary>As much of its beginning as has room.</summary>
    public static string Beginning(string text, int columns)
    {
        int length = 0;

        foreach (var rune in text.EnumerateRunes())
        {
            columns -= Of(rune);

            if (columns < 0)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }

    /// <summary>The text in rows of so many columns, broken at spaces where that can be.</summary>
    public static IEnumerable<string> Wrap(string text, int columns)
    {
        while (Of(text) > columns)
        {
            string row = Beginning(text, columns);

            // One character at least, however narrow it is.
            row = row.Length > 0 ? row : text[..(char.IsHighSurrogate(text[0]) ? 2 : 1)];

            if (row.Length == text.Length)
            {
                break;
            }

            int space = text[row.Length] == ' ' ? row.Length : row.LastIndexOf(' ');
            yield return (space > 0 ? row[..space] : row).TrimEnd();
            text = text[(space > 0 ? space : row.Length)..].TrimStart();
        }

        yield return text;
    }
}
