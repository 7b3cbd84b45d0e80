namespace CausalStore.Checking;

/// <summary>
/// A recorded history cannot be read; the message names the place, the fault and the remedy.
/// </summary>
public sealed class HistoryFormatException : Exception
{
    public HistoryFormatException(string source, long line, string problem, Exception? cause = null)
        : base($"{source}, line {line}: {problem}", cause)
    {
        Line = line;
    }

    /// <summary>Counted from 1.</summary>
    public long Line { get; }
}
