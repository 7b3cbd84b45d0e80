using System.Text;
using BenchmarkDotNet.Attributes;
using CausalStore.Protocol;
using CausalStore.Replication;

namespace CausalStore.Benchmarks;

/// <summary>The store of a million keys of 16 bytes with values of 16 bytes.</summary>
[MemoryDiagnoser]
public class StoreBenchmarks
{
    private const int Keys = 1_000_000;
    private const int PageKeys = 100;
    private const int Batch = 1000;

    private static readonly byte[] Value = "xxxxxxxxxxxxxxxx"u8.ToArray();

    private readonly byte[][] _keys =
        [.. Enumerable.Range(0, Keys).Select(key => Encoding.ASCII.GetBytes($"key:{key:D12}"))];

    private VersionedStore _store = new(keepsChanges: false);
    private int _next;
    private long _timestamp;

    [IterationSetup(Target = nameof(Put_new))]
    public void Empty() => _store = new VersionedStore(keepsChanges: false);

    [GlobalSetup(Targets = [nameof(Overwrite), nameof(Read), nameof(Scan_a_page_of_100)])]
    public void Fill()
    {
        Empty();
        Put_new();
    }

    /// <summary>From empty to full, growth of the index included.</summary>
    [Benchmark(OperationsPerInvoke = Keys)]
    [InvocationCount(1)]
    public void Put_new()
    {
        foreach (byte[] key in _keys)
        {
            _store.Put(key, Value, isTombstone: false, NextVersion());
        }
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void Overwrite()
    {
        for (int put = 0; put < Batch; put++)
        {
            _store.Put(NextKey(), Value, isTombstone: false, NextVersion());
        }
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public int Read()
    {
        int bytes = 0;

        for (int read = 0; read < Batch; read++)
        {
            bytes += _store.Find(NextKey()).Value.Length;
        }

        return bytes;
    }

    [Benchmark]
    public int Scan_a_page_of_100()
    {
        int bytes = 0;

        foreach (int number in _store.Scan("key:"u8.ToArray(), NextKey()).Take(PageKeys))
        {
            bytes += _store[number].Value.Length;
        }

        return bytes;
    }

    private byte[] NextKey()
    {
        _next = (_next + 7919) % Keys;
        return _keys[_next];
    }

    private WriteVersion NextVersion() => new(++_timestamp, new ServerId(1));
}
