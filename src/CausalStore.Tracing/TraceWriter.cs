using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using CausalStore.Protocol;

namespace CausalStore.Tracing;

/// <summary>Writes trace lines as JSON; <see cref="TraceParser"/> reads the same again.</summary>
public static class TraceWriter
{
    public const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.ffffffZ";

    // A trace is read by people, not by browsers: "é" and "<" stand as they are.
    private static readonly JsonWriterOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>One line with its end.</summary>
    public static void Write(TraceLine line, IBufferWriter<byte> output)
    {
        using (Utf8JsonWriter json = new(output, Plain))
        {
            json.WriteStartObject();
            WriteHead(json, line);
            WriteEvent(json, line.Event);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static void WriteHead(Utf8JsonWriter json, TraceLine line)
    {
        if (line.Process.IsServer)
        {
            json.WriteNumber("server", int.Parse(line.Process.Name));
        }
        else
        {
            json.WriteString("client", line.Process.Name);
        }

        json.WriteNumber("seq", line.Sequence);
        json.WriteString("t", line.Time.ToUniversalTime().ToString(TimeFormat));
        json.WriteString("event", TraceWords.Of(line.Event));
    }

    private static void WriteEvent(Utf8JsonWriter json, TraceEvent traced)
    {
        switch (traced)
        {
            case TraceEvent.Started(var consistency):
                WriteConsistency(json, consistency);
                break;
            case TraceEvent.Dropped(long count):
                json.WriteNumber("count", count);
                break;
            case TraceEvent.Connected(var server):
                json.WriteNumber("to", server.Value);
                break;
            case TraceEvent.Disconnected(var server):
                json.WriteNumber("to", server.Value);
                break;
            case TraceEvent.Noted(string text):
                json.WriteString("text", text);
                break;
            case TraceEvent.Disturbed(var server, var action, int amount):
                json.WriteNumber("to", server.Value);
                json.WriteString("action", TraceWords.Of(action));
                json.WriteNumber("amount", amount);
                break;
            default:
                WriteOfWrite(json, traced);
                break;
        }
    }

    private static void WriteOfWrite(Utf8JsonWriter json, TraceEvent traced)
    {
        switch (traced)
        {
            case TraceEvent.Wrote(var version, var operations, var took):
                json.WriteString("version", version?.ToString());
                WriteOperations(json, operations);
                WriteMilliseconds(json, "took", took);
                break;
            case TraceEvent.Accepted(var version, var needs, var operations, var session):
                json.WriteString("version", $"{version}");
                json.WriteString("needs", $"{needs}");
                WriteOperations(json, operations);
                WriteSession(json, session);
                break;
            case TraceEvent.Sent(var version, var to, bool isHeld):
                json.WriteString("version", $"{version}");
                json.WriteNumber("to", to.Value);
                json.WriteBoolean("held", isHeld);
                break;
            case TraceEvent.Received(var version, var from):
                json.WriteString("version", $"{version}");
                json.WriteNumber("from", from.Value);
                break;
            case TraceEvent.Delayed delayed:
                json.WriteString("version", $"{delayed.Version}");
                json.WriteNumber("from", delayed.From.Value);
                json.WriteString("needs", $"{delayed.Needs}");
                json.WriteString("missing", $"{delayed.Missing}");
                WriteOperations(json, delayed.Operations);
                break;
            case TraceEvent.Applied applied:
                WriteApplied(json, applied);
                break;
            default:
                WriteShown(json, traced);
                break;
        }
    }

    private static void WriteApplied(Utf8JsonWriter json, TraceEvent.Applied applied)
    {
        json.WriteString("version", $"{applied.Version}");
        json.WriteNumber("from", applied.From.Value);
        json.WriteString("needs", $"{applied.Needs}");
        WriteOperations(json, applied.Operations);

        if (applied.Waited is { } waited)
        {
            WriteMilliseconds(json, "waited", waited);
        }

        if (applied.ReleasedBy is { } by)
        {
            json.WriteString("released-by", $"{by}");
        }
    }

    private static void WriteShown(Utf8JsonWriter json, TraceEvent traced)
    {
        switch (traced)
        {
            case TraceEvent.Saw(var shown):
                WriteSights(json, shown);
                break;
            case TraceEvent.WasPushed(var sight):
                WriteSights(json, [sight]);
                break;
            case TraceEvent.Showed(var session, var shown):
                WriteSights(json, shown);
                WriteSession(json, session);
                break;
            case TraceEvent.Pushed(var session, string key, var version):
                WriteSights(json, [new Sight(key, null, version)]);
                WriteSession(json, session);
                break;
        }
    }

    private static void WriteConsistency(Utf8JsonWriter json, Consistency? consistency)
    {
        if (consistency is { } some)
        {
            json.WriteString("consistency", some == Consistency.Causal ? "causal" : "eventual");
        }
    }

    private static void WriteMilliseconds(Utf8JsonWriter json, string name, TimeSpan time) =>
        json.WriteNumber(name, Math.Round(time.TotalMilliseconds, 3));

    private static void WriteSession(Utf8JsonWriter json, TracedSession session)
    {
        json.WriteNumber("session", session.Number);
        json.WriteString("name", session.Name);
    }

    private static void WriteOperations(Utf8JsonWriter json, IReadOnlyList<TracedOperation> operations)
    {
        json.WriteStartArray("ops");

        foreach (var (key, value) in operations)
        {
            json.WriteStartArray();
            json.WriteStringValue(value is null ? "d" : "w");
            json.WriteStringValue(key);

            if (value is not null)
            {
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteSights(Utf8JsonWriter json, IReadOnlyList<Sight> shown)
    {
        json.WriteStartArray("shown");

        foreach (var (key, value, version) in shown)
        {
            json.WriteStartArray();
            json.WriteStringValue(key);
            json.WriteStringValue(value);
            json.WriteStringValue(version?.ToString());
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }
}
