namespace CausalStore.Checking.Judging;

// Says in sentences what was found: every operation by its name, and why it stands where it stands.
internal sealed class Storyteller(Graph graph)
{
    private PathFinder? _paths;
    private Digraph? _direct;
    private CausalOrder? _order;

    /// <summary>To be told whenever more is known of what is before what.</summary>
    public void Learn(Digraph direct, CausalOrder? order)
    {
        _paths = null;
        _order = order;
        _direct = direct;
    }

    private PathFinder Paths => _paths ??= new PathFinder(_direct!, IsSessionStep);

    public string Name(int node)
    {
        var operation = graph.Operations[node];
        var push = graph.StepOf[node] >= 0 && operation.Steps.Count > 1 ? $".{graph.StepOf[node] + 1}" : "";
        return $"{operation.Session}#{operation.Number}{push}";
    }

    public string Session(int node) => graph.Operations[node].Session;

    public string Shown(int read) => ShownValue(graph.Reads.Value[read]);

    public string Written(int writer, int key)
    {
        for (var write = graph.Writes.Start(writer); write < graph.Writes.End(writer); write++)
        {
            if (graph.Writes.Key[write] == key)
            {
                return ShownValue(graph.Writes.Value[write]);
            }
        }

        return graph.Keys[key].ToString();
    }

    /// <summary>What it did; of a long operation only what matters.</summary>
    public string Text(int node, HashSet<Bytes>? matters = null)
    {
        var steps = graph.Operations[node].Steps;

        return OperationText.Of(
            graph.StepOf[node] >= 0 ? [steps[graph.StepOf[node]]] : steps,
            matters ?? []);
    }

    public Story ThinAir(int node, int read)
        => new Story($"{Name(node)} read {Shown(read)}, which nobody ever wrote.")
            .Operation(Name(node), Text(node))
            .Say("A value that is read must have been written. (Is the whole run recorded, from an empty "
                + "store on?)");

    public Story HalfOfAWrite(int node, int read, int writer)
        => new Story(
            $"{Name(node)} read {Shown(read)}, which {Name(writer)} had replaced in the same atomic write.")
            .Operation(Name(writer), Text(writer))
            .Operation(Name(node), Text(node))
            .Edge(Name(writer), Name(node), "half of it seen")
            .Say("Only the last value that an atomic write gives a key may ever be seen.");

    public Story WrongVersion(int node, int read, int writer)
        => new Story($"{Name(node)} read {Shown(read)} as version {graph.Reads.Version[read]}, "
                + $"but {Name(writer)} wrote it as {graph.VersionOf[writer]}.")
            .Operation(Name(writer), Text(writer))
            .Operation(Name(node), Text(node))
            .Edge(Name(writer), Name(node), "read from")
            .Say("A write has one version, the same everywhere.");

    /// <summary>Tells the way from a cause to its effect, operation by operation.</summary>
    public Story Way(Story story, int cause, int effect, Func<int, bool>? mayUse = null)
    {
        var way = Shortest(cause, effect, mayUse);
        var matters = story.Matters.Concat(KeysAlong(way)).ToHashSet();
        story.Operation(Name(cause), Text(cause, matters));

        for (var i = 1; i < way.Count; i++)
        {
            var (why, label) = IsSessionStep(way[i - 1], way[i])
                ? ($"later in the same session as {Name(way[i - 1])}", "then")
                : ($"shows what {Name(way[i - 1])} wrote", "read by");

            story.Operation(Name(way[i]), Text(way[i], matters), why);
            story.Edge(Name(way[i - 1]), Name(way[i]), label);
        }

        return story;
    }

    /// <summary>How many operations that takes.</summary>
    public int WayLength(int cause, int effect, Func<int, bool>? mayUse = null)
        => Shortest(cause, effect, mayUse).Count;

    // The keys by which each of them knew of the one before.
    private IEnumerable<Bytes> KeysAlong(List<int> way)
    {
        for (var i = 1; i < way.Count; i++)
        {
            for (var read = graph.Reads.Start(way[i]); read < graph.Reads.End(way[i]); read++)
            {
                if (graph.WriterOf[read] == way[i - 1])
                {
                    yield return graph.Keys[graph.Reads.Key[read]];
                }
            }
        }
    }

    private List<int> Shortest(int cause, int effect, Func<int, bool>? mayUse)
        => Shorten(Paths.Find(cause, effect, mayUse ?? (node => _order!.IsBefore(cause, node))));

    private bool IsSessionStep(int earlier, int later)
        => graph.Previous[later] == earlier || graph.ChainOf[earlier] == graph.ChainOf[later];

    // Within a session only the ends of a stretch matter.
    private List<int> Shorten(List<int> way)
    {
        List<int> shown = [];

        for (var i = 0; i < way.Count; i++)
        {
            var inside = i > 0
                && i + 1 < way.Count
                && graph.ChainOf[shown[^1]] == graph.ChainOf[way[i]]
                && graph.ChainOf[way[i]] == graph.ChainOf[way[i + 1]];

            if (!inside)
            {
                shown.Add(way[i]);
            }
        }

        return shown;
    }

    private string ShownValue(int value)
    {
        var (key, some) = graph.Values[value];
        return OperationText.Shown(graph.Keys[key], some);
    }
}
