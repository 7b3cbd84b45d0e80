namespace CausalStore.Tracing;

/// <summary>Reads the traces of one or several processes.</summary>
public static class TraceReader
{
    /// <summary>All lines, in the order of the text.</summary>
    /// <param name="name">What the text is called, for people.</param>
    /// <param name="onTorn">Told where a line was left out because a crash had torn it.</param>
    /// <exception cref="TraceFormatException">It is something else than a trace.</exception>
    public static IReadOnlyList<TraceLine> Read(TextReader text, string name, Action<string> onTorn)
    {
        List<TraceLine> lines = [];
        int number = 0;

        while (text.ReadLine() is { } line)
        {
            number++;

            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            try
            {
                lines.Add(TraceParser.Parse(line));
            }
            catch (TraceFormatException) when (lines.Count > 0 && !line.EndsWith('}'))
            {
                onTorn($"{name}, line {number}: torn by a crash, left out");
            }
            catch (TraceFormatException error)
            {
                throw new TraceFormatException(
                    $"{name}, line {number}, is no line of a trace: {error.Message}");
            }
        }

        return lines;
    }
}
