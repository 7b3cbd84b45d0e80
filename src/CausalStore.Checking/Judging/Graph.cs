namespace CausalStore.Checking.Judging;

// A history as numbers, so that a million operations fit and are quick to walk.
//
// A node is one operation (or one push). Nodes are numbered chain after chain: a chain is a session, or a
// single write of unknown outcome, which follows what its session did before but which nothing has to follow.
// A key is a number, and so is a value of a key; "missing" is a value.
internal sealed class Graph
{
    /// <summary>The writer of a read that shows the state before every write.</summary>
    public const int Initial = -1;

    /// <summary>The writer of a read that several writes could explain.</summary>
    public const int Open = -2;

    /// <summary>The writer of a read that is already reported and counts no further.</summary>
    public const int Dropped = -3;

    public required Operation[] Operations { get; init; }

    /// <summary>The number of the step that is a node of its own (a push), or -1.</summary>
    public required int[] StepOf { get; init; }

    public required int[] ChainOf { get; init; }

    /// <summary>The first node of every chain, and one entry more: the number of nodes.</summary>
    public required int[] ChainStart { get; init; }

    /// <summary>What the session did just before, or -1.</summary>
    public required int[] Previous { get; init; }

    /// <summary>The chains from here on are single writes of unknown outcome.</summary>
    public required int FirstUnknownChain { get; init; }

    public required List<Bytes> Keys { get; init; }

    /// <summary>Key and value (none: missing) of every value number.</summary>
    public required List<(int Key, Bytes? Value)> Values { get; init; }

    public required Entries Reads { get; init; }

    public required Entries Writes { get; init; }

    public required WriteIndex WritersOfKey { get; init; }

    public required WriteIndex WritersOfValue { get; init; }

    /// <summary>Values of a write that the same operation wrote over: nobody else may see them.</summary>
    public required Dictionary<int, int> Overwritten { get; init; }

    /// <summary>The node that every read shows; filled in by ReadsFrom.</summary>
    public required int[] WriterOf { get; init; }

    /// <summary>The version of every writing node, where one was recorded.</summary>
    public required HistoryVersion?[] VersionOf { get; init; }

    public int NodeCount => Operations.Length;

    public int ChainCount => ChainStart.Length - 1;

    /// <summary>Where the node stands in its chain, counted from 1.</summary>
    public int IndexOf(int node) => node - ChainStart[ChainOf[node]] + 1;

    /// <summary>The node of that index; the one before the chain's first for index 0.</summary>
    public int NodeAt(int chain, int index) => ChainStart[chain] + index - 1;

    public bool IsUnknown(int node) => ChainOf[node] >= FirstUnknownChain;
}
