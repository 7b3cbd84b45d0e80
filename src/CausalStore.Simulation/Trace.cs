using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using CausalStore.Tracing;

namespace CausalStore.Simulation;

/// <summary>Everything that happened in a run: always as a hash, and as text where somebody wants to read
/// it.</summary>
internal sealed class Trace(bool keepsText)
{
    private const int LinesKept = 400000;

    private readonly Queue<string> _lines = new();
    private readonly List<TraceLine> _events = [];

    public ulong Hash { get; private set; } = 14695981039346656037;

    public bool KeepsText => keepsText;

    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>What servers and clients did and saw, as the programs trace it (docs/traces.md).</summary>
    public string Events
    {
        get
        {
            ArrayBufferWriter<byte> text = new();
            _events.ForEach(line => TraceWriter.Write(line, text));
            return Encoding.UTF8.GetString(text.WrittenSpan);
        }
    }

    /// <summary>Somebody did or saw something.</summary>
    public void Event(TimeSpan now, TracedProcess process, TraceEvent traced)
    {
        if (keepsText && _events.Count < LinesKept)
        {
            _events.Add(new TraceLine(process, _events.Count + 1, DateTime.UnixEpoch + now, traced));
        }
    }

    /// <summary>A line of the protocol went from one to another.</summary>
    public void Line(TimeSpan now, string from, string to, ReadOnlySpan<byte> line)
    {
        Mix((ulong)now.Ticks);
        Mix(line);

        if (keepsText)
        {
            Keep($"{Seconds(now)}  {from} -> {to}: {Encoding.UTF8.GetString(line)}");
        }
    }

    /// <summary>A line that a session was sent.</summary>
    public void Said(ReadOnlySpan<byte> line) => Mix(line);

    /// <summary>Something happened in the world.</summary>
    public void Note(TimeSpan now, string text)
    {
        Mix((ulong)now.Ticks);

        foreach (char character in text)
        {
            Mix(character);
        }

        if (keepsText)
        {
            Keep($"{Seconds(now)}  {text}");
        }
    }

    private static string Seconds(TimeSpan time) => $"{time.TotalSeconds,10:0.000000}";

    private void Keep(string line)
    {
        if (_lines.Count == LinesKept)
        {
            _lines.Dequeue();
        }

        _lines.Enqueue(line);
    }

    private void Mix(ReadOnlySpan<byte> bytes)
    {
        Mix((ulong)bytes.Length);

        while (bytes.Length >= sizeof(ulong))
        {
            Mix(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte value in bytes)
        {
            Mix(value);
        }
    }

    private void Mix(ulong value)
    {
        ulong mixed = (Hash ^ value) * 0x9E3779B97F4A7C15;
        Hash = mixed ^ (mixed >> 29);
    }
}
