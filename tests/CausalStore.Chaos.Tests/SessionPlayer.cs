using CausalStore.Client;
using CausalStore.Protocol;

namespace CausalStore.Chaos.Tests;

/// <summary>Plays one session after another, on whatever servers there are.</summary>
/// <param name="name">Of nobody else in this round; values that begin with it are written once.</param>
/// <param name="prefix">Of the keys of this round.</param>
internal sealed class SessionPlayer(
    string name, string prefix, Cluster cluster, ChaosSettings settings, HistoryRecorder recorder,
    Random dice, Tally tally)
{
    private const int BrokenMax = 3;

    private static readonly TimeSpan BetweenRequests = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(100);

    private int _written;

    /// <param name="finish">Asked between two requests.</param>
    /// <param name="abort">Breaks off a request.</param>
    public async Task PlayAsync(CancellationToken finish, CancellationToken abort)
    {
        Context seen = Context.Empty;

        while (!finish.IsCancellationRequested)
        {
            try
            {
                var client = await StoreClient.ConnectAsync(Options(), abort);
                var pushes = CountPushesAsync(client, abort);

                try
                {
                    await LiveAsync(client, seen, finish, abort);
                    seen = client.Seen;
                }
                finally
                {
                    await client.DisposeAsync();
                    await pushes;
                }
            }
            catch (ConnectionLostException)
            {
                await Moments.PassAsync(dice, BetweenAttempts, abort);
            }
        }
    }

    private StoreClientOptions Options()
    {
        var servers = cluster.Sites.Select(site => site.Address).ToArray();
        dice.Shuffle(servers);
        return new StoreClientOptions { Servers = servers, Name = name, Recorder = recorder };
    }

    /// <param name="seen">Of the session before, which may go on here as another one.</param>
    private async Task LiveAsync(
        StoreClient client, Context seen, CancellationToken finish, CancellationToken abort)
    {
        int broken = 0;

        if (dice.Next(2) == 0)
        {
            broken = await TryAsync(client, () => MoveAsync(client, seen, abort), broken, abort);
        }

        if (dice.Next(3) == 0)
        {
            broken = await TryAsync(client, () => client.WatchAsync(prefix, abort), broken, abort);
        }

        for (int left = dice.Next(50, 300); left > 0 && !finish.IsCancellationRequested; left--)
        {
            broken = await TryAsync(client, () => RequestAsync(client, abort), broken, abort);

            if (broken >= BrokenMax)
            {
                tally.Add(Happening.SessionsLost);
                return;
            }

            await Moments.PassAsync(dice, BetweenRequests, abort);
        }
    }

    /// <returns>How many requests in a row broke.</returns>
    private async Task<int> TryAsync(
        StoreClient client, Func<Task> request, int broken, CancellationToken abort)
    {
        var before = client.Address;

        try
        {
            await request();
            tally.Add(Happening.FailOvers, client.Address == before ? 0 : 1);
            return 0;
        }
        catch (UnknownOutcomeException)
        {
            tally.Add(Happening.UnknownOutcomes);
            return 0;
        }
        catch (RefusedException refusal) when (
            refusal.Code is ErrorCode.NotYet or ErrorCode.Unavailable or ErrorCode.Lost)
        {
            tally.Add(Happening.Refused);
            return refusal.Code == ErrorCode.Lost ? BrokenMax : broken;
        }
        catch (ConnectionLostException)
        {
            await Moments.PassAsync(dice, BetweenAttempts, abort);
            return broken + 1;
        }
    }

    private async Task MoveAsync(StoreClient client, Context seen, CancellationToken abort)
    {
        await client.SetContextAsync(seen, abort);
        tally.Add(Happening.Moves);
    }

    private Task RequestAsync(StoreClient client, CancellationToken abort) => dice.Next(100) switch
    {
        < 20 => client.ScanAsync(prefix, stop: abort),
        < 40 => client.ReadAsync([Key(), Key(), Key()], abort),
        < 55 => client.ReadAsync(Key(), abort),
        < 58 => LookForWaitingAsync(client, abort),
        < 60 => client.GetContextAsync(abort),
        < 82 => WriteAsync(client, [Written()], abort),
        < 92 => WriteAsync(client, [Written(), dice.Next(3) == 0 ? Deleted() : Written(), Written()], abort),
        _ => WriteAsync(client, [Deleted()], abort),
    };

    private async Task WriteAsync(StoreClient client, Change[] changes, CancellationToken abort)
    {
        await client.WriteAsync(changes, abort);
        tally.Add(Happening.Acknowledged);
    }

    private async Task LookForWaitingAsync(StoreClient client, CancellationToken abort)
    {
        var reply = await client.AskAsync("pending", abort);
        tally.Add(Happening.SeenWaiting, reply.Lines.Count > 1 ? 1 : 0);
    }

    private Word Key() => $"{prefix}k{dice.Next(settings.Keys)}";

    private Change Written() => Change.Write(Key(), $"{name}.{++_written}");

    private Change Deleted() => Change.Delete(Key());

    private async Task CountPushesAsync(StoreClient client, CancellationToken abort)
    {
        await foreach (var push in client.PushesAsync(abort))
        {
            tally.Add(Happening.Pushes, push is Push.Gap ? 0 : 1);
        }
    }
}
