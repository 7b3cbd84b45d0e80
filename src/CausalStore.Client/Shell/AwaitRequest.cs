using System.Buffers.Text;
using CausalStore.Protocol;

namespace CausalStore.Client.Shell;

/// <summary><c>await KEY VALUE [SECONDS]</c>: go on once the key has the value.</summary>
internal sealed record AwaitRequest(Word Key, Word Value, TimeSpan Limit)
{
    private const string Usage = "await KEY VALUE [SECONDS]";
    private const double SecondsMax = 24 * 60 * 60;

    /// <exception cref="ProtocolException">It is malformed.</exception>
    public static AwaitRequest Parse(Words words)
    {
        words.NoMoreThan(4, Usage);
        var key = Operations.CheckedKey(words.Required(1, $"it is: {Usage}; the key"));
        var value = words.Required(2, $"it is: {Usage}; the value");
        return new AwaitRequest(key.ToArray(), value.ToArray(), LimitOf(words.Count < 4 ? "10"u8 : words[3]));
    }

    private static TimeSpan LimitOf(ReadOnlySpan<byte> word)
    {
        bool isNumber = Utf8Parser.TryParse(word, out double seconds, out int used) && used == word.Length;
        return isNumber && seconds is >= 0 and <= SecondsMax
            ? TimeSpan.FromSeconds(seconds)
            : throw ProtocolException.Syntax($"SECONDS is a number from 0 to {SecondsMax}, as in 5 or 0.5");
    }
}
