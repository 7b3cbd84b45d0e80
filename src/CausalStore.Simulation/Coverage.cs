using System.Globalization;
using System.Text;

namespace CausalStore.Simulation;

/// <summary>How often each <see cref="Happening"/> happened.</summary>
internal sealed class Coverage
{
    private readonly long[] _counts = new long[Enum.GetValues<Happening>().Length];

    public long this[Happening happening] => _counts[(int)happening];

    public void Count(Happening happening, long times = 1) => _counts[(int)happening] += times;

    public void Add(Coverage other)
    {
        for (int index = 0; index < _counts.Length; index++)
        {
            _counts[index] += other._counts[index];
        }
    }

    /// <summary>A line for each, in words.</summary>
    public override string ToString()
    {
        StringBuilder text = new();

        foreach (var happening in Enum.GetValues<Happening>())
        {
            string count = this[happening].ToString("N0", CultureInfo.InvariantCulture);
            text.AppendLine(CultureInfo.InvariantCulture, $"{count,12}  {InWords(happening)}");
        }

        return text.ToString();
    }

    private static string InWords(Happening happening)
    {
        StringBuilder words = new();

        foreach (char character in happening.ToString())
        {
            words.Append(char.IsUpper(character) && words.Length > 0 ? " " : "")
                .Append(char.ToLowerInvariant(character));
        }

        return words.ToString();
    }
}
