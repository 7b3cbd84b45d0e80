using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace CausalStore.Checking;

// One step, as in ["w","x","v1","5@2"]. Faults are FormatExceptions; the caller knows the line.
internal static class StepReader
{
    public static HistoryStep[] ReadAll(JsonElement operations)
    {
        Demand(
            operations.ValueKind == JsonValueKind.Array,
            "\"ops\" is a list of steps, as in [[\"w\",\"x\",\"v1\"]]");
        return [.. operations.EnumerateArray().Select(Read)];
    }

    public static string Text(JsonElement element, string what)
    {
        Demand(
            element.ValueKind == JsonValueKind.String,
            $"{what} is text in quotes, not {element.GetRawText()}");
        return element.GetString()!;
    }

    public static void Demand([DoesNotReturnIf(false)] bool holds, string problem)
    {
        if (!holds)
        {
            throw new FormatException(problem);
        }
    }

    private static HistoryStep Read(JsonElement step)
    {
        Demand(
            step.ValueKind == JsonValueKind.Array && step.GetArrayLength() > 0,
            $"a step is a list, as in [\"w\",\"x\",\"v1\"], not {step.GetRawText()}");

        return Text(step[0], "the kind of a step") switch
        {
            "w" => ReadWrite(step),
            "d" => ReadDelete(step),
            "r" => ReadRead(step),
            "p" => ReadPush(step),
            "s" => ReadScan(step),
            var other => throw new FormatException(
                $"\"{other}\" is no kind of step: w (write), d (delete), r (read), s (scan) or p (push)"),
        };
    }

    private static HistoryStep.Write ReadWrite(JsonElement step)
    {
        DemandLength(step, 3, 4, "[\"w\",KEY,VALUE,VERSION]");
        return new HistoryStep.Write(Key(step[1]), Octets(step[2], "the value"), Version(step, 3));
    }

    private static HistoryStep.Delete ReadDelete(JsonElement step)
    {
        DemandLength(step, 2, 3, "[\"d\",KEY,VERSION]");
        return new HistoryStep.Delete(Key(step[1]), Version(step, 2));
    }

    private static HistoryStep.Read ReadRead(JsonElement step)
    {
        DemandLength(step, 3, 4, "[\"r\",KEY,VALUE or null,VERSION]");
        return new HistoryStep.Read(Key(step[1]), OctetsOrNone(step, 2, "the value"), Version(step, 3));
    }

    private static HistoryStep.Push ReadPush(JsonElement step)
    {
        DemandLength(step, 3, 4, "[\"p\",KEY,VALUE or null,VERSION]");
        return new HistoryStep.Push(Key(step[1]), OctetsOrNone(step, 2, "the value"), Version(step, 3));
    }

    private static HistoryStep.Scan ReadScan(JsonElement step)
    {
        const string Shape = "[\"s\",PREFIX,[[KEY,VALUE,VERSION],...],AFTER,THROUGH]";
        DemandLength(step, 3, 5, Shape);
        Demand(step[2].ValueKind == JsonValueKind.Array, $"a scan is {Shape}, not {step.GetRawText()}");
        Row[] rows = [.. step[2].EnumerateArray().Select(ReadRow)];

        return new HistoryStep.Scan(
            Octets(step[1], "the prefix"),
            rows,
            OctetsOrNone(step, 3, "AFTER"),
            OctetsOrNone(step, 4, "THROUGH"));
    }

    private static Row ReadRow(JsonElement row)
    {
        DemandLength(row, 2, 3, "[KEY,VALUE,VERSION]");
        return new Row(Key(row[0]), Octets(row[1], "the value"), Version(row, 2));
    }

    private static void DemandLength(JsonElement step, int least, int most, string shape)
        => Demand(
            step.ValueKind == JsonValueKind.Array
                && step.GetArrayLength() >= least
                && step.GetArrayLength() <= most,
            $"expected {shape} (VERSION may be left out), not {step.GetRawText()}");

    private static Bytes Key(JsonElement element)
    {
        var key = Octets(element, "the key");
        Demand(key != default, "a key has at least one byte");
        return key;
    }

    private static Bytes? OctetsOrNone(JsonElement step, int index, string what)
        => index >= step.GetArrayLength() || step[index].ValueKind == JsonValueKind.Null
            ? (Bytes?)null
            : Octets(step[index], what);

    private static Bytes Octets(JsonElement element, string what)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            return Bytes.FromText(element.GetString()!);
        }

        Demand(
            element.ValueKind == JsonValueKind.Object
                && element.EnumerateObject().Count() == 1
                && element.TryGetProperty("b64", out var encoded)
                && encoded.ValueKind == JsonValueKind.String
                && encoded.TryGetBytesFromBase64(out _),
            $"{what} is text in quotes or {{\"b64\":\"...\"}}, not {element.GetRawText()}");

        return Bytes.From(element.GetProperty("b64").GetBytesFromBase64());
    }

    private static HistoryVersion? Version(JsonElement step, int index)
        => index >= step.GetArrayLength() || step[index].ValueKind == JsonValueKind.Null
            ? null
            : HistoryVersion.Parse(Text(step[index], "a version"));
}
