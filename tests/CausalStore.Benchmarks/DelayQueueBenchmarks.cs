using BenchmarkDotNet.Attributes;
using CausalStore.Replication;

namespace CausalStore.Benchmarks;

/// <summary>
/// What a delayed write costs, and whether it costs more where many wait. Both are figures for one write.
/// </summary>
public class DelayQueueBenchmarks
{
    private const int Writes = 1_000_000;
    private const int PairsPerTurn = 64;

    private DrivenReplica _replica = new();
    private RemoteWrites _writes = new(origin: 2);
    private Link _link = null!;

    [Params(1_000, 1_000_000)]
    public int Waiting { get; set; }

    /// <summary>Nobody but the benchmark's own writes wait.</summary>
    [IterationSetup(Target = nameof(Delayed_and_released_with_all))]
    public void Begin()
    {
        _replica = new DrivenReplica();
        _link = _replica.MeetPeer(id: 2);
        _writes = new RemoteWrites(origin: 2);
    }

    /// <summary>So many wait, each for a write of its own that never comes.</summary>
    [GlobalSetup(Target = nameof(Delayed_and_released_beside))]
    public void BeginWithWaiting()
    {
        Begin();
        _replica.BeginTurn();

        for (int write = 0; write < Waiting; write++)
        {
            long neverThere = _writes.Skip();
            _replica.Receive(_link, _writes.Write(needs: neverThere));
        }

        _replica.EndTurn();
        Demand(Waiting);
        _link = _replica.MeetPeer(id: 3);
        _writes = new RemoteWrites(origin: 3);
    }

    /// <summary>So many wait for one cause; it comes and releases all; and again, a million writes in
    /// all.</summary>
    [Benchmark(OperationsPerInvoke = Writes)]
    [InvocationCount(1)]
    public void Delayed_and_released_with_all()
    {
        for (int round = 0; round < Writes / Waiting; round++)
        {
            _replica.BeginTurn();
            long cause = _writes.Skip();

            for (int write = 0; write < Waiting; write++)
            {
                _replica.Receive(_link, _writes.Write(needs: cause));
            }

            _replica.Receive(_link, _writes.Skipped(cause));
            _replica.EndTurn();
        }

        Demand(0);
    }

    /// <summary>One is delayed and released while so many others wait on.</summary>
    [Benchmark(OperationsPerInvoke = PairsPerTurn)]
    public void Delayed_and_released_beside()
    {
        _replica.BeginTurn();

        for (int pair = 0; pair < PairsPerTurn; pair++)
        {
            long cause = _writes.Skip();
            _replica.Receive(_link, _writes.Write(needs: cause));
            _replica.Receive(_link, _writes.Skipped(cause));
        }

        _replica.EndTurn();
    }

    /// <summary>A benchmark of what does not happen would look fast.</summary>
    private void Demand(int delayed)
    {
        if (_replica.Delayed() is var count && count != delayed)
        {
            throw new InvalidOperationException($"{count} writes wait, not {delayed}");
        }
    }
}
