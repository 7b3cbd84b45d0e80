using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CausalStore.Checking;

/// <summary>
/// Writes histories as JSON lines (docs/histories.md), so that HistoryReader reads the same again.
/// </summary>
public static class HistoryWriter
{
    // A history is read by people, not by browsers: "é" and "<" stand as they are.
    private static readonly JsonWriterOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>All operations, session after session.</summary>
    public static void Write(History history, TextWriter lines)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(lines);

        foreach (var operation in history.Sessions.SelectMany(session => session.Operations))
        {
            lines.Write(Line(operation));
            lines.Write('\n');
        }
    }

    /// <summary>One operation as one line, without its end.</summary>
    public static string Line(Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);

        return Line(operation.Session, operation.Steps, operation.OutcomeUnknown, operation.AtRest);
    }

    /// <inheritdoc cref="Line(Operation)"/>
    public static string Line(
        string session, IReadOnlyList<HistoryStep> steps, bool outcomeUnknown = false, bool atRest = false)
    {
        ArgumentNullException.ThrowIfNull(steps);
        var buffer = new ArrayBufferWriter<byte>();

        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteString("session", session);
            json.WriteStartArray("ops");

            foreach (var step in steps)
            {
                WriteStep(json, step);
            }

            json.WriteEndArray();
            WriteMarks(json, outcomeUnknown, atRest);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteMarks(Utf8JsonWriter json, bool outcomeUnknown, bool atRest)
    {
        if (outcomeUnknown)
        {
            json.WriteString("status", "unknown");
        }

        if (atRest)
        {
            json.WriteBoolean("final", true);
        }
    }

    private static void WriteStep(Utf8JsonWriter json, HistoryStep step)
    {
        json.WriteStartArray();

        switch (step)
        {
            case HistoryStep.Write(var key, var value, var version):
                WriteEntry(json, "w", key, value, version);
                break;
            case HistoryStep.Delete(var key, var version):
                json.WriteStringValue("d");
                WriteOctets(json, key);
                WriteVersion(json, version);
                break;
            case HistoryStep.Read(var key, var value, var version):
                WriteEntry(json, "r", key, value, version);
                break;
            case HistoryStep.Push(var key, var value, var version):
                WriteEntry(json, "p", key, value, version);
                break;
            case HistoryStep.Scan scan:
                WriteScan(json, scan);
                break;
        }

        json.WriteEndArray();
    }

    private static void WriteScan(Utf8JsonWriter json, HistoryStep.Scan scan)
    {
        json.WriteStringValue("s");
        WriteOctets(json, scan.Prefix);
        json.WriteStartArray();

        foreach (var row in scan.Rows)
        {
            json.WriteStartArray();
            WriteEntry(json, null, row.Key, row.Value, row.Version);
            json.WriteEndArray();
        }

        json.WriteEndArray();

        if (scan.After is not null || scan.Through is not null)
        {
            WriteOctets(json, scan.After);
            WriteOctets(json, scan.Through);
        }
    }

    private static void WriteEntry(
        Utf8JsonWriter json, string? kind, Bytes key, Bytes? value, HistoryVersion? version)
    {
        if (kind is not null)
        {
            json.WriteStringValue(kind);
        }

        WriteOctets(json, key);
        WriteOctets(json, value);
        WriteVersion(json, version);
    }

    private static void WriteOctets(Utf8JsonWriter json, Bytes? octets)
    {
        if (octets is not { } some)
        {
            json.WriteNullValue();
        }
        else if (some.TryGetText(out var text))
        {
            json.WriteStringValue(text);
        }
        else
        {
            json.WriteStartObject();
            json.WriteBase64String("b64", some.ToArray());
            json.WriteEndObject();
        }
    }

    private static void WriteVersion(Utf8JsonWriter json, HistoryVersion? version)
        => json.WriteStringValue(version?.ToString());
}
