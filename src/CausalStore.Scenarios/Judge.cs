using CausalStore.Protocol;

namespace CausalStore.Scenarios;

/// <summary>What was looked at.</summary>
/// <param name="Holds">Whether it is as expected.</param>
/// <param name="Found">What is so, in a sentence.</param>
internal readonly record struct Look(bool Holds, string Found);

/// <summary>Looks whether what a scenario expects is so.</summary>
internal sealed class Judge(
    IStage stage, StoryCluster cluster, IReadOnlyDictionary<string, StoryClient> clients)
{
    public async Task<Look> LookAsync(Expectation expectation, CancellationToken stop) => expectation switch
    {
        Expectation.Read read => await ReadAsync(read, stop),
        Expectation.Pending pending => await PendingAsync(pending, stop),
        Expectation.Pushes pushes => Pushes(pushes),
        Expectation.SameEverywhere => await SameEverywhereAsync(stop),
        Expectation.Serving serving => await ServingAsync(serving, stop),
        _ => throw new ArgumentException($"only the step before tells of {expectation}", nameof(expectation)),
    };

    private async Task<Look> ReadAsync(Expectation.Read read, CancellationToken stop)
    {
        var client = clients[read.Client];
        string line = $"read {string.Join(' ', read.Keys.Select(key => Sentences.Word(key.Key)))}";
        var request = ClientRequest.Parse(line);
        var reply = await client.AskAsync(request, stop);
        bool holds = reply.Count == read.Keys.Count
            && reply.Zip(read.Keys).All(pair => Shows(pair.First, pair.Second));
        return new Look(holds, Sentences.Of(read.Client, client.Server, request, reply));
    }

    private async Task<Look> PendingAsync(Expectation.Pending pending, CancellationToken stop)
    {
        var reply = await stage.AskAsync(pending.Server, "pending", stop);
        var delayed = reply.OfType<Response.Text>().Select(text => DelayedWrite.Parse(text.Line))
            .OrderBy(write => write.Version).ToList();
        bool holds = delayed.SelectMany(write => write.Keys).SequenceEqual(pending.Keys);
        string found = delayed.Count == 0
            ? $"nothing waits at server {pending.Server}"
            : $"server {pending.Server} holds back {string.Join(", and ", delayed.Select(Told))}";
        return new Look(holds, found);
    }

    private string Told(DelayedWrite delayed) =>
        $"{Sentences.Waiting(delayed.Write)} ({delayed.Version}), which needs "
        + cluster.Told(delayed.Missing);

    private Look Pushes(Expectation.Pushes pushes)
    {
        var client = clients[pushes.Client];
        var pushed = client.Pushed;
        bool holds = pushed.Count == pushes.Keys.Count
            && pushed.Zip(pushes.Keys).All(pair => Shows(pair.First, pair.Second));

        if (holds)
        {
            client.TakePushes();
        }

        return new Look(
            holds, $"{pushes.Client}, at server {client.Server}, is shown {Sentences.Shown(pushed)}");
    }

    private async Task<Look> SameEverywhereAsync(CancellationToken stop)
    {
        List<(int Server, string State)> states = [];
        bool isWaiting = false;

        foreach (int server in cluster.Running)
        {
            states.Add((server, Sentences.Shown(await stage.AskAsync(server, "scan \"\"", stop))));
            isWaiting |= (await stage.AskAsync(server, "pending", stop)).Count > 1;
        }

        bool areEqual = states.Select(state => state.State).Distinct().Count() == 1;
        string found = areEqual
            ? $"servers {string.Join(", ", cluster.Running)} have the same: {states[0].State}"
            : string.Join("; ", states.Select(state => $"server {state.Server} has {state.State}"));
        return new Look(areEqual && !isWaiting, found + (isWaiting ? "; and something waits" : ""));
    }

    private async Task<Look> ServingAsync(Expectation.Serving serving, CancellationToken stop)
    {
        bool serves = await cluster.ServesNowAsync(serving.Server, stop);
        return new Look(
            serves == serving.IsServing,
            $"server {serving.Server} " + (serves ? "is a member, and serves" : "waits to be a member"));
    }

    private static bool Shows(Response line, ExpectedKey expected) => line switch
    {
        Response.Value(var key, var value, _) => Is(key, value, expected),
        Response.Update(var key, var value, _) => Is(key, value, expected),
        Response.Missing(var key, _) => Is(key, null, expected),
        Response.Removed(var key, _) => Is(key, null, expected),
        _ => false,
    };

    private static bool Is(byte[] key, byte[]? value, ExpectedKey expected) =>
        Text(key) == expected.Key && (value is null ? expected.Value is null : Text(value) == expected.Value);

    private static string Text(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);
}
