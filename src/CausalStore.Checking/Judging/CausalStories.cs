namespace CausalStore.Checking.Judging;

// The stories of what contradicts causal order.
internal sealed class CausalStories(Graph graph, CausalOrder order, Storyteller teller)
{
    private const int Tries = 8;

    public Story Stale(StaleReads.Stale stale)
    {
        var (node, read, _) = stale;
        var key = graph.Reads.Key[read];
        var writer = graph.WriterOf[read];
        var hider = NearestHider(stale);
        var newer = teller.Written(hider, key);
        var shown = teller.Shown(read);
        var replaced = writer >= 0 ? ", which replaced it," : "";
        var story = new Story(
            $"{teller.Name(node)} read {shown}, although {newer}{replaced} was in its past.",
            graph.Keys[key]);

        if (writer >= 0)
        {
            teller.Way(story, writer, hider);
        }

        teller.Way(story, hider, node);

        return story
            .Edge(teller.Name(node), teller.Name(hider), "shows the state before")
            .Say($"So {teller.Name(hider)} comes before {teller.Name(node)} in every order, and "
                + $"{teller.Session(node)} must be shown {newer}, or what replaced it, but not the state "
                + "before it.");
    }

    /// <summary>A read that no write explains, where several might have.</summary>
    public Story Impossible(int node, int read)
    {
        var key = graph.Reads.Key[read];
        var story = new Story(
            $"{teller.Name(node)} read {teller.Shown(read)}, which nothing in its past allows.",
            graph.Keys[key]);
        var hiders = Latest(node, key);
        hiders.RemoveAll(one => hiders.Exists(other => order.IsBefore(one, other)));

        foreach (var hider in hiders)
        {
            teller.Way(story, hider, node);
            story.Edge(teller.Name(node), teller.Name(hider), "shows the state before");
        }

        return story
            .Operation(teller.Name(node), teller.Text(node))
            .Say($"Every write that gave {graph.Keys[key]} this state comes later, or was replaced in the "
                + $"past of {teller.Name(node)}.");
    }

    public Story OwnPast(int[] knot)
    {
        var members = knot.ToHashSet();
        var (writer, reader) = knot.SelectMany(node => ReadsWithin(node, members)).Take(Tries)
            .MinBy(pair => teller.WayLength(pair.Reader, pair.Writer, members.Contains));
        var story = new Story($"{teller.Name(reader)} read what {teller.Name(writer)} wrote only after it.");
        teller.Way(story, reader, writer, members.Contains);

        return story
            .Operation(teller.Name(reader), teller.Text(reader))
            .Edge(teller.Name(writer), teller.Name(reader), "read by")
            .Say("An effect was seen before its cause: each of these would have to come before itself.");
    }

    public Story Circle(List<StaleReads.Win> circle)
    {
        var winner = circle[0].Winner;
        var story = new Story(
            $"No order of the writes explains these reads: {teller.Name(winner)} would come after itself.");

        for (var i = 0; i < circle.Count; i++)
        {
            var (loser, next, witness) = circle[i];
            teller.Way(story, loser, witness);
            story.Operation(teller.Name(next), teller.Text(next));
            story.Edge(
                teller.Name(loser), teller.Name(next), $"must come first, says {teller.Name(witness)}");
            story.Say($"so {teller.Name(loser)} comes before {teller.Name(next)}: "
                + $"{teller.Name(witness)} knew both and shows {teller.Name(next)}");
            teller.Way(story, next, circle[(i + 1) % circle.Count].Loser);
        }

        return story.Say("This runs in a circle, so it is not one order in which the last writer wins.");
    }

    public Story Fractured(int node)
    {
        var story = new Story($"{teller.Name(node)} read values that never stood together in any state.");

        for (var read = graph.Reads.Start(node); read < graph.Reads.End(node); read++)
        {
            if (graph.WriterOf[read] >= 0)
            {
                teller.Way(story, graph.WriterOf[read], node);
            }
        }

        return story.Say(
            "Whichever of these writes is put last, another value than the one shown would stand there.");
    }

    // Of all writes that hide the one shown, one that the reader knew by the shortest way.
    private int NearestHider(StaleReads.Stale stale)
    {
        var writer = graph.WriterOf[stale.Read];
        var key = graph.Reads.Key[stale.Read];
        var hiders = Latest(stale.Node, key).FindAll(one => writer < 0 || order.IsBefore(writer, one));

        return hiders.Take(Tries).SelectMany(latest => Earlier(latest, key, writer)).Take(Tries)
            .MinBy(one => teller.WayLength(one, stale.Node)
                + (writer < 0 ? 0 : teller.WayLength(writer, one)));
    }

    // The last few writes of the key in the chain, as far as they still replace the one shown.
    private IEnumerable<int> Earlier(int latest, int key, int writer)
    {
        foreach (var run in graph.WritersOfKey.Runs(key).ToArray())
        {
            if (run.Chain == graph.ChainOf[latest])
            {
                var count = graph.WritersOfKey.CountUpTo(run, latest);

                for (var i = count - 1; i >= Math.Max(0, count - 2); i--)
                {
                    var node = graph.WritersOfKey.Nodes(run)[i];

                    if (writer < 0 || order.IsBefore(writer, node))
                    {
                        yield return node;
                    }
                }
            }
        }
    }

    private List<int> Latest(int node, int key)
    {
        List<int> latest = [];

        foreach (var run in graph.WritersOfKey.Runs(key))
        {
            var last = graph.NodeAt(run.Chain, order.Seen(node, run.Chain));
            var write = graph.WritersOfKey.LatestUpTo(run, last);

            if (write >= 0)
            {
                latest.Add(write);
            }
        }

        return latest;
    }

    private IEnumerable<(int Writer, int Reader)> ReadsWithin(int node, HashSet<int> members)
    {
        for (var read = graph.Reads.Start(node); read < graph.Reads.End(node); read++)
        {
            if (members.Contains(graph.WriterOf[read]))
            {
                yield return (graph.WriterOf[read], node);
            }
        }
    }
}
