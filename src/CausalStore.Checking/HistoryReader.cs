using System.Text.Json;

namespace CausalStore.Checking;

/// <summary>Reads histories from JSON lines (docs/histories.md), one operation a line.</summary>
public static class HistoryReader
{
    public static History Read(string text) => Read(new StringReader(text), "history");

    public static History Read(TextReader lines, string source)
    {
        var history = new History();
        ReadInto(history, lines, source);
        return history;
    }

    /// <summary>Adds what the lines say; a session of the same name goes on.</summary>
    /// <exception cref="HistoryFormatException">A line is not what docs/histories.md describes.</exception>
    public static void ReadInto(History history, TextReader lines, string source)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(lines);

        ReadLines(history, lines, source, name => name, mayBeTorn: false);
    }

    /// <summary>
    /// Adds a recorded file. Its sessions are its own: one whose name occurs in a file read before is another
    /// session, and is called <c>NAME in SOURCE</c>.
    /// </summary>
    /// <param name="history">What was read before.</param>
    /// <param name="file">Can be sought in.</param>
    /// <param name="source">What the file is called.</param>
    /// <returns>
    /// Whether it ends in the middle of a line, which is left out: what recorded it has crashed.
    /// </returns>
    /// <exception cref="HistoryFormatException">A line is not what docs/histories.md describes.</exception>
    public static bool ReadFile(History history, Stream file, string source)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(file);

        var others = history.Sessions.Select(session => session.Name).ToHashSet();
        using var lines = new StreamReader(file, bufferSize: 64 * 1024, leaveOpen: true);

        return ReadLines(
            history,
            lines,
            source,
            name => others.Contains(name) ? $"{name} in {source}" : name,
            mayBeTorn: EndsWithinLine(file));
    }

    private static bool EndsWithinLine(Stream file)
    {
        if (file.Length == 0)
        {
            return false;
        }

        file.Seek(-1, SeekOrigin.End);
        var last = file.ReadByte();
        file.Seek(0, SeekOrigin.Begin);
        return last != '\n';
    }

    private static bool ReadLines(
        History history, TextReader lines, string source, Func<string, string> nameOf, bool mayBeTorn)
    {
        for (var number = 1L; lines.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            try
            {
                using var document = JsonDocument.Parse(line);
                ReadLine(history, document.RootElement, nameOf);
            }
            catch (JsonException) when (mayBeTorn && lines.Peek() < 0)
            {
                return true;
            }
            catch (JsonException fault)
            {
                throw new HistoryFormatException(source, number, "not JSON: " + FirstSentence(fault), fault);
            }
            catch (Exception fault) when (
                fault is ArgumentException or FormatException or InvalidOperationException)
            {
                throw new HistoryFormatException(source, number, fault.Message, fault);
            }
        }

        return false;
    }

    private static string FirstSentence(JsonException fault)
        => $"{fault.Message.Split(" LineNumber:")[0]} At byte {fault.BytePositionInLine}; "
            + "write one object a line.";

    private static void ReadLine(History history, JsonElement line, Func<string, string> nameOf)
    {
        StepReader.Demand(
            line.ValueKind == JsonValueKind.Object, "a line is an object {\"session\":...,\"ops\":[...]}");
        string? session = null;
        HistoryStep[]? steps = null;
        var outcomeUnknown = false;
        var atRest = false;

        foreach (var property in line.EnumerateObject())
        {
            switch (property.Name)
            {
                case "session":
                    session = StepReader.Text(property.Value, "\"session\"");
                    break;
                case "ops":
                    steps = StepReader.ReadAll(property.Value);
                    break;
                case "status":
                    outcomeUnknown = IsUnknown(property.Value);
                    break;
                case "final":
                    StepReader.Demand(
                        property.Value.ValueKind is JsonValueKind.True or JsonValueKind.False,
                        "\"final\" is true or false");
                    atRest = property.Value.GetBoolean();
                    break;
                default:
                    throw new FormatException(
                        $"\"{property.Name}\" is not known: a line has \"session\", \"ops\", "
                        + "\"status\", \"final\"");
            }
        }

        StepReader.Demand(
            !string.IsNullOrEmpty(session), "\"session\" is missing: name the session, as in \"s1\"");
        StepReader.Demand(
            steps is not null, "\"ops\" is missing: list what was done, as in [[\"w\",\"x\",\"v1\"]]");
        history.Session(nameOf(session!)).Add(steps!, outcomeUnknown, atRest);
    }

    private static bool IsUnknown(JsonElement status)
    {
        var text = StepReader.Text(status, "\"status\"");
        StepReader.Demand(text is "ok" or "unknown", $"\"status\" is \"ok\" or \"unknown\", not \"{text}\"");
        return text == "unknown";
    }
}
