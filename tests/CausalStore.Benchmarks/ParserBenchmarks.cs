using BenchmarkDotNet.Attributes;
using CausalStore.Protocol;

namespace CausalStore.Benchmarks;

/// <summary>Bytes to lines, lines to words, words to what they mean.</summary>
[MemoryDiagnoser]
public class ParserBenchmarks
{
    private const int Lines = 1000;

    private readonly WordSplitter _splitter = new();
    private readonly byte[] _read = "read key:000000000042"u8.ToArray();
    private readonly byte[] _write = "write key:000000000042 xxxxxxxxxxxxxxxx"u8.ToArray();
    private readonly byte[] _quoted = "write key:000000000042 \"a ring\\nlost\""u8.ToArray();
    private readonly byte[] _replicate =
        "replicate 1234567@2 1234566 1234560@1,1234561@3 write key:000000000042 xxxxxxxxxxxxxxxx"u8.ToArray();

    private readonly byte[] _stream = [.. Enumerable.Repeat("read key:000000000042\n"u8.ToArray(), Lines)
        .SelectMany(line => line)];

    [Benchmark]
    public int Split_read() => _splitter.Split(_read)[1].Length;

    [Benchmark]
    public int Parse_write() => Operations.Validate(_splitter.Split(_write), first: 0);

    [Benchmark]
    public int Parse_write_with_escapes() => Operations.Validate(_splitter.Split(_quoted), first: 0);

    [Benchmark]
    public long Parse_replicate() => WriteLine.Parse(_splitter.Split(_replicate)).OlderMax;

    /// <summary>A receive of a thousand lines, cut into them.</summary>
    [Benchmark(OperationsPerInvoke = Lines)]
    public int Cut_a_line()
    {
        using LineBuffer buffer = new(1 << 20);
        int bytes = 0;

        while (bytes < _stream.Length)
        {
            var space = buffer.ReceiveSpace(_stream.Length).Span;
            int count = Math.Min(space.Length, _stream.Length - bytes);
            _stream.AsSpan(bytes, count).CopyTo(space);
            buffer.Received(count);
            bytes += count;

            while (buffer.TryTake(out _) == LineResult.Line)
            {
            }
        }

        return bytes;
    }
}
