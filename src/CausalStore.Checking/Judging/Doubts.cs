namespace CausalStore.Checking.Judging;

// Why a history in which nothing impossible was found may still prove nothing.
internal static class Doubts
{
    /// <returns>The reason, or null where there is none.</returns>
    public static string? Reason(Graph graph, VersionUse versions)
    {
        if (graph.NodeCount == 0)
        {
            return "nothing was recorded: there is not one operation whose outcome is known";
        }

        for (var read = 0; read < graph.Reads.Count; read++)
        {
            if (graph.WriterOf[read] == Graph.Open && graph.Values[graph.Reads.Value[read]].Value is not null)
            {
                return Twice(graph, graph.Reads.Value[read]);
            }
        }

        var last = new Dictionary<int, int>();

        for (var node = 0; node < graph.NodeCount; node++)
        {
            if (graph.IsUnknown(node) || (graph.VersionOf[node] is not null && versions != VersionUse.Ignore))
            {
                continue;
            }

            for (var write = graph.Writes.Start(node); write < graph.Writes.End(node); write++)
            {
                var value = graph.Writes.Value[write];

                if (graph.Values[value].Value is not null && !last.TryAdd(value, node))
                {
                    return Twice(graph, value);
                }
            }
        }

        return null;
    }

    private static string Twice(Graph graph, int value)
    {
        var (key, text) = graph.Values[value];
        var writers = graph.WritersOfValue.All(value);
        var teller = new Storyteller(graph);

        return $"{graph.Keys[key]} = {text} was written by {teller.Name(writers[0])} "
            + $"and by {teller.Name(writers[1])}, "
            + "and nothing tells which of them was read: write every value once, or record the versions";
    }
}
