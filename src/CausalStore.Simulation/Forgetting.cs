using CausalStore.Protocol;

namespace CausalStore.Simulation;

/// <summary>Who is declared gone for good, by whom and when.</summary>
internal sealed class Forgetting(World world, Dice dice)
{
    /// <summary>Declares a server gone for good, at one that serves and is not itself declared
    /// gone.</summary>
    public void Forget(ServerId id)
    {
        var witnesses = world.Serving
            .Where(server => server.Id != id && !world.IsForgotten(server.Id) && !server.IsFull)
            .ToArray();

        if (dice.PickOrNone(witnesses) is { } witness)
        {
            ForgetAt(witness, id);
        }
    }

    private void ForgetAt(SimulatedServer witness, ServerId id)
    {
        world.Coverage.Count(Happening.Forgets);
        witness.Observer!.Record.Forgotten.Add(id);
        world.Operator.Request(witness, $"forget {id}");
    }

    /// <summary>Says again who is gone: those to whom it was said may be gone themselves.</summary>
    public void SayAgainWhoIsGone()
    {
        foreach (var id in world.Records.SelectMany(record => record.Forgotten).Distinct().ToArray())
        {
            Forget(id);
        }
    }

    /// <summary>Declares gone whoever is, and is not yet declared so; and once more whoever is a member
    /// still: the word was lost with the one to whom it was said, or was said in another cluster.</summary>
    public void Tidy()
    {
        if (world.Serving.FirstOrDefault(server => !world.IsForgotten(server.Id)) is { } witness)
        {
            foreach (var id in witness.Members().Where(world.IsForgotten).ToArray())
            {
                Forget(id);
            }
        }

        foreach (var id in world.Servers.Select(server => server.Id).Distinct().ToArray())
        {
            if (!world.IsForgotten(id) && !world.Running.Any(server => server.Id == id))
            {
                Forget(id);
            }
        }
    }

    public void ForgetLive()
    {
        var serving = world.Serving.Where(server => !world.IsForgotten(server.Id)).ToArray();

        if (serving.Length >= (world.Settings.Profile == Profile.Settle ? 2 : 3))
        {
            world.Coverage.Count(Happening.ForgetsOfLiveServers);
            Forget(dice.Pick(serving).Id);

            // Another one soon after: what is being settled is settled anew.
            if (serving.Length >= 4 && dice.Chance(0.6))
            {
                world.Timeline.After(dice.Around(world.Settings.LatencyMax), ForgetLive);
            }
        }
    }

    /// <summary>Two declare each other gone, cut off from each other; others are there to agree.</summary>
    public void ForgetEachOther()
    {
        var serving = world.Serving.Where(server => !world.IsForgotten(server.Id) && !server.IsFull).ToList();

        if (serving.Count < 3)
        {
            return;
        }

        dice.Shuffle(serving);
        var (one, other) = (serving[0], serving[1]);
        world.Coverage.Count(Happening.ForgetsOfEachOther);
        world.Network.Block(one.Host, other.Host);
        world.Network.Block(other.Host, one.Host);
        ForgetAt(one, other.Id);
        ForgetAt(other, one.Id);
        world.Timeline.After(dice.Around(TimeSpan.FromSeconds(2)), () =>
        {
            if (!world.IsCalm)
            {
                world.Network.Unblock(one.Host, other.Host);
                world.Network.Unblock(other.Host, one.Host);
            }
        });
    }
}
