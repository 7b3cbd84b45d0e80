using System.Diagnostics;
using CausalStore.Checking;
using CausalStore.Client;

namespace CausalStore.Chaos.Tests;

/// <summary>
/// Rounds of load and faults against real processes. Each ends at rest: everything healed, all servers equal,
/// the history of the round judged, its keys deleted, a new history begun; so memory stays bounded.
/// </summary>
internal sealed class ChaosRun(ChaosSettings settings, Action<string> tell)
{
    private static readonly TimeSpan BetweenProgress = TimeSpan.FromMinutes(1);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Random _dice = new(settings.Seed);
    private readonly Dictionary<int, long> _greatest = [];
    private readonly List<string> _wrong = [];

    public Tally Tally { get; } = new();

    /// <summary>What the checker found broken.</summary>
    public Promises Broken { get; private set; }

    /// <returns>What is wrong, in sentences; empty: nothing, and enough happened to say so.</returns>
    public async Task<IReadOnlyList<string>> PlayAsync(CancellationToken stop)
    {
        await using Cluster cluster = new(settings, _dice, Tally);
        using Timer progress = new(_ => Progress(), null, BetweenProgress, BetweenProgress);

        try
        {
            await cluster.StartAsync(stop);

            do
            {
                await PlayRoundAsync(cluster, stop);
            }
            while (_wrong.Count == 0 && _clock.Elapsed < settings.Length);

            await cluster.StopAsync(stop);
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            _wrong.Add(failure.ToString());
        }

        if (_wrong.Count == 0)
        {
            DemandEnough();
        }
        else
        {
            KeepFiles(cluster);
        }

        Progress();
        return _wrong;
    }

    private async Task PlayRoundAsync(Cluster cluster, CancellationToken stop)
    {
        Tally.Add(Happening.Rounds);
        string prefix = $"r{Tally[Happening.Rounds]}.";
        string file = cluster.In($"{prefix}jsonl");
        var recorder = HistoryRecorder.AppendTo(file);
        await PlaySessionsAsync(cluster, prefix, recorder, stop);
        var atRest = await cluster.RestAsync(stop);
        await ReadAtRestAsync(cluster, prefix, recorder, stop);

        if (recorder.Failure is { } failure)
        {
            throw new IOException(failure);
        }

        RoundJudge judge = new(Recorded(file), cluster, _greatest, Tally);
        _wrong.AddRange(await judge.JudgeAsync(atRest, stop));
        Broken |= judge.Broken;

        if (_wrong.Count == 0)
        {
            File.Delete(file);
            await DeleteKeysAsync(cluster, prefix, stop);
        }
    }

    private async Task PlaySessionsAsync(
        Cluster cluster, string prefix, HistoryRecorder recorder, CancellationToken stop)
    {
        using CancellationTokenSource finish = new();
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Adversary adversary = new(
            cluster, settings, VolleyKey(prefix), recorder, new Random(_dice.Next()), Tally);
        List<Task> playing = [.. Enumerable.Range(1, settings.Sessions)
            .Select(number => new SessionPlayer(
                $"s{number}", prefix, cluster, settings, recorder, new Random(_dice.Next()), Tally))
            .Select(player => Moments.OrAbortAsync(player.PlayAsync(finish.Token, abort.Token), abort))];
        playing.Add(Moments.OrAbortAsync(DisturbAsync(), abort));

        try
        {
            await Moments.AllAsync(playing);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"sessions have not ended {Moments.Limit.TotalSeconds} s after the last fault");
        }

        async Task DisturbAsync()
        {
            await adversary.PlayAsync(abort);
            await cluster.HealAsync(abort.Token);
            await finish.CancelAsync();
            abort.CancelAfter(Moments.Limit);
        }
    }

    /// <summary>Every key at every server. What was deleted in rounds before must not be there.</summary>
    private async Task ReadAtRestAsync(
        Cluster cluster, string prefix, HistoryRecorder recorder, CancellationToken stop)
    {
        foreach (var site in cluster.Sites)
        {
            await using var client = await StoreClient.ConnectAsync(
                new StoreClientOptions { Servers = [site.Address], Name = "last", Recorder = recorder },
                stop);
            client.MarkAtRest();
            await client.ReadAsync(Keys(prefix), stop);
            await client.ScanAsync("", stop: stop);
        }
    }

    private async Task DeleteKeysAsync(Cluster cluster, string prefix, CancellationToken stop)
    {
        await using var client = await StoreClient.ConnectAsync(
            new StoreClientOptions { Servers = [cluster.Sites[0].Address] }, stop);
        await client.WriteAsync([.. Keys(prefix).Select(Change.Delete)], stop);
    }

    private Word[] Keys(string prefix) =>
    [
        VolleyKey(prefix),
        .. Enumerable.Range(0, settings.Keys).Select(number => (Word)$"{prefix}k{number}"),
    ];

    /// <summary>Not under the prefix: its values are long, and sessions do not read them.</summary>
    private static Word VolleyKey(string prefix) => $"volley.{prefix}";

    private static History Recorded(string path)
    {
        History history = new();
        using var file = File.OpenRead(path);
        HistoryReader.ReadFile(history, file, path);
        return history;
    }

    private void KeepFiles(Cluster cluster)
    {
        cluster.KeepsFiles = settings.KeepsFiles;

        if (settings.KeepsFiles)
        {
            tell($"histories and data are kept in {cluster.In("")}");
        }
    }

    private void DemandEnough()
    {
        _wrong.AddRange(settings.Faults.Keys.Where(fault => Tally[fault] == 0)
            .Select(fault => $"{fault} was asked for and never happened: this run proves nothing"));
        DemandAtLeast(settings.KillsMin, Tally.Kills, "kill -9");
        DemandAtLeast(settings.OperationsMin, Tally[Happening.Operations], "operations");
        DemandAtLeast(settings.ReadsOfOthersMin, Tally[Happening.ReadsOfOthers], "reads of others' writes");
    }

    private void DemandAtLeast(long wanted, long found, string what)
    {
        if (found < wanted)
        {
            _wrong.Add($"{found} {what}, not {wanted}: this run proves nothing");
        }
    }

    private void Progress() => tell($"{_clock.Elapsed:hh\\:mm\\:ss} {Tally}");
}
