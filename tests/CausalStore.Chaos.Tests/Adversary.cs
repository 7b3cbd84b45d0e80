using System.Text.RegularExpressions;
using CausalStore.Client;

namespace CausalStore.Chaos.Tests;

/// <summary>Does harm by the seed, and what people do about it.</summary>
/// <param name="volleyKey">Written by nobody else.</param>
internal sealed partial class Adversary(
    Cluster cluster, ChaosSettings settings, Word volleyKey, HistoryRecorder recorder, Random dice,
    Tally tally)
{
    private static readonly TimeSpan Volleying = TimeSpan.FromSeconds(0.1);

    private static readonly TimeSpan Down = TimeSpan.FromSeconds(0.4);
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Paused = TimeSpan.FromSeconds(0.8);

    /// <summary>One server is lost at a time: two at once may take what only they had.</summary>
    private Task _loss = Task.CompletedTask;

    private int _volleys;

    /// <summary>Plays all faults of a round; they overlap. In the end all servers run, and links may still
    /// be cut.</summary>
    /// <param name="abort">Is cancelled at the first failure.</param>
    public async Task PlayAsync(CancellationTokenSource abort)
    {
        var deck = settings.Faults.SelectMany(fault => Enumerable.Repeat(fault.Key, fault.Value)).ToArray();
        dice.Shuffle(deck);
        List<Task> under = [];
        var beginning = BeginAllAsync(deck, under, abort);
        await Task.WhenAny(beginning);
        await Moments.AllAsync([beginning, .. under]);
    }

    private async Task BeginAllAsync(Happening[] deck, List<Task> under, CancellationTokenSource abort)
    {
        var stop = abort.Token;

        foreach (var fault in deck)
        {
            await Moments.PassAsync(dice, settings.Pace, stop);

            if (fault is Happening.Wipe or Happening.Forget)
            {
                await _loss.WaitAsync(stop);
            }

            var site = await FreeSiteAsync(stop);
            cluster.DemandRunning();
            under.Add(Moments.OrAbortAsync(PlayAsync(fault, site, stop), abort));
        }
    }

    private async Task PlayAsync(Happening fault, Site site, CancellationToken stop)
    {
        // Dice are thrown here, before the first wait: their order is the seed's, and no other thread's.
        Random own = new(dice.Next());

        if (fault is Happening.Cut or Happening.Delay)
        {
            var others = cluster.Sites.Where(other => other != site).ToArray();
            await DisturbAsync(fault, site, others[own.Next(others.Length)], own, stop);
            return;
        }

        site.IsTaken = true;
        var harm = fault switch
        {
            Happening.Kill => KillAsync(site, own, stop),
            Happening.KillAll => KillAllAsync(site, own, stop),
            Happening.KillWhileStarting => KillTwiceAsync(site, own, stop),
            Happening.Pause => PauseAsync(site, own, stop),
            Happening.Stop => StopAsync(site, own, stop),
            Happening.Wipe or Happening.Forget => _loss = LoseAsync(fault, site, own, stop),
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "no fault"),
        };
        await harm;
        tally.Add(fault);
        site.IsTaken = false;
    }

    private async Task KillAsync(Site site, Random own, CancellationToken stop)
    {
        await KillUnderLoadAsync(site, own, stop);
        await StartAsync(site, own, stop);
    }

    private async Task KillUnderLoadAsync(Site site, Random own, CancellationToken stop)
    {
        string values = $"volley{Interlocked.Increment(ref _volleys)}";
        var volley = Volley.FireAsync(site, volleyKey, values, recorder, tally, stop);
        await Moments.PassAsync(own, Volleying, stop);
        await site.KillAsync(stop);
        await volley;
    }

    private async Task KillAllAsync(Site site, Random own, CancellationToken stop)
    {
        var others = cluster.Sites.Where(other => !other.IsTaken).ToArray();

        foreach (var other in others)
        {
            other.IsTaken = true;
        }

        await Task.WhenAll(others.Prepend(site).Select(one => KillAsync(one, new Random(own.Next()), stop)));

        foreach (var other in others)
        {
            other.IsTaken = false;
        }
    }

    private async Task KillTwiceAsync(Site site, Random own, CancellationToken stop)
    {
        await KillUnderLoadAsync(site, own, stop);
        site.Start();
        await Moments.PassAsync(own, site.StartTook / 2, stop);
        await site.KillAsync(stop);
        await StartAsync(site, own, stop);
    }

    private static async Task StopAsync(Site site, Random own, CancellationToken stop)
    {
        await site.StopAsync(stop);
        await StartAsync(site, own, stop);
    }

    private static async Task StartAsync(Site site, Random own, CancellationToken stop)
    {
        await Moments.PassAsync(own, Down, stop);
        site.Start();
        await site.ServesAsync(stop);
    }

    private static async Task PauseAsync(Site site, Random own, CancellationToken stop)
    {
        await site.PauseAsync();
        await Moments.PassAsync(own, Paused, stop);
        await site.ContinueAsync();
    }

    private async Task DisturbAsync(
        Happening fault, Site from, Site to, Random own, CancellationToken stop)
    {
        int id = to.Id;
        string how = fault == Happening.Cut ? "cut" : $"delay {own.Next(20, 1000)}";

        if (await from.AskAsync($"link {id} {how}", stop) is not { Error: null })
        {
            // It was killed before it heard of it.
            return;
        }

        tally.Add(fault);
        await Moments.PassAsync(own, Held, stop);

        // Who does not answer starts anew, with its links healed, or is healed when the round ends.
        await from.AskAsync($"link {id} heal", stop);
    }

    private async Task LoseAsync(Happening fault, Site site, Random own, CancellationToken stop)
    {
        int lost = site.Id;

        if (own.Next(2) == 0)
        {
            await IsolateAsync(site, stop);
            await Moments.PassAsync(own, Down, stop);
        }

        await site.KillAsync(stop);
        cluster.Forgotten.Add(lost);

        if (fault == Happening.Wipe)
        {
            site.LoseData();
        }
        else
        {
            await ForgetAsync(lost, site, stop);
        }

        site.Start();
        int unused = UnusedId(await site.EndsWithAdviceAsync(stop));

        if (fault == Happening.Wipe)
        {
            await ForgetAsync(lost, site, stop);
        }

        site.LoseData();
        site.Id = unused;
        site.Start();

        if (own.Next(2) == 0)
        {
            await Moments.PassAsync(own, site.StartTook / 2, stop);
            await site.KillAsync(stop);
            tally.Add(Happening.KillWhileJoining);
            site.Start();
        }

        await site.ServesAsync(stop);
    }

    /// <summary>What it acknowledges from now on is in nobody else's hands.</summary>
    private async Task IsolateAsync(Site site, CancellationToken stop)
    {
        foreach (var other in cluster.Sites.Where(other => other != site))
        {
            await site.AskAsync($"link {other.Id} cut", stop);
        }
    }

    private async Task ForgetAsync(int id, Site gone, CancellationToken stop)
    {
        foreach (var site in Enumerable.Repeat(cluster.Sites, 100).SelectMany(all => all))
        {
            if (site != gone && await site.AskAsync($"forget {id}", stop) is { Error: null })
            {
                return;
            }
        }

        throw new TimeoutException($"nobody is there who forgets {id}");
    }

    private async Task<Site> FreeSiteAsync(CancellationToken stop)
    {
        Site[] free = [];
        await Moments.UntilAsync(
            () =>
            {
                free = [.. cluster.Sites.Where(site => !site.IsTaken)];
                return Task.FromResult(free.Length > 0);
            },
            () => $"a server runs undisturbed:\n{string.Join('\n', cluster.Sites.Select(site => site.Said))}",
            stop);
        return free[dice.Next(free.Length)];
    }

    private static int UnusedId(string advice) =>
        AdvisedId().Matches(advice) is [.., var last]
            ? int.Parse(last.Groups[1].Value)
            : throw new InvalidOperationException($"no advice which id to take:\n{advice}");

    [GeneratedRegex(@"--id (\d+)")]
    private static partial Regex AdvisedId();
}
