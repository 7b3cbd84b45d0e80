using BenchmarkDotNet.Attributes;
using CausalStore.Protocol;
using CausalStore.Replication;

namespace CausalStore.Benchmarks;

/// <summary>The replica's step, in turns of 64 lines, without sockets.</summary>
[MemoryDiagnoser]
public class ReplicaBenchmarks
{
    private const int LinesPerTurn = 64;
    private const int Keys = 1_000_000;

    private readonly OutputBuffer _request = new();
    private readonly DrivenReplica _alone = new();
    private readonly DrivenReplica _member = new();
    private readonly RemoteWrites _writes = new(origin: 2);
    private readonly Link _link;
    private int _key;

    public ReplicaBenchmarks() => _link = _member.MeetPeer(id: 2);

    [GlobalSetup]
    public void Setup()
    {
        _alone.BeginTurn();

        for (int key = 0; key < Keys; key++)
        {
            _alone.Request(Request("write key:"u8, " xxxxxxxxxxxxxxxx"u8));
            _alone.Session.Output.Clear();
        }

        _alone.EndTurn();
    }

    /// <summary>What a turn costs beside its lines.</summary>
    [Benchmark]
    public void Turn_without_lines()
    {
        _alone.BeginTurn();
        _alone.EndTurn();
    }

    [Benchmark(OperationsPerInvoke = LinesPerTurn)]
    public void Read()
    {
        _alone.BeginTurn();

        for (int line = 0; line < LinesPerTurn; line++)
        {
            _alone.Request(Request("read key:"u8, ""u8));
        }

        _alone.EndTurn();
    }

    [Benchmark(OperationsPerInvoke = LinesPerTurn)]
    public void Write()
    {
        _alone.BeginTurn();

        for (int line = 0; line < LinesPerTurn; line++)
        {
            _alone.Request(Request("write key:"u8, " xxxxxxxxxxxxxxxx"u8));
        }

        _alone.EndTurn();
    }

    [Benchmark(OperationsPerInvoke = LinesPerTurn)]
    public void Replicate_applied_at_once()
    {
        _member.BeginTurn();

        for (int line = 0; line < LinesPerTurn; line++)
        {
            _member.Receive(_link, _writes.Write());
        }

        _member.EndTurn();
    }

    /// <summary>An effect, that waits, and then its cause, that releases it: two lines.</summary>
    [Benchmark(OperationsPerInvoke = LinesPerTurn)]
    public void Replicate_delayed_and_released()
    {
        _member.BeginTurn();

        for (int pair = 0; pair < LinesPerTurn; pair++)
        {
            long cause = _writes.Skip();
            _member.Receive(_link, _writes.Write(needs: cause));
            _member.Receive(_link, _writes.Skipped(cause));
        }

        _member.EndTurn();
    }

    private ReadOnlySpan<byte> Request(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail)
    {
        _key = (_key + 7919) % Keys;
        _request.Clear();
        return _request.Append(head).Append(100_000_000 + _key).Append(tail).Written;
    }
}
