using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>What the other server has told on one connection: it counts only while the connection
/// stands.</summary>
internal sealed class HeardOnLink
{
    /// <summary>Addresses that one without a name waits for.</summary>
    public HashSet<ServerAddress> Peers { get; } = [];

    /// <summary>The members that it names, itself among them.</summary>
    public Dictionary<ServerId, string> Members { get; } = [];

    public HashSet<ServerId> Forgotten { get; } = [];

    /// <summary>What it had applied when the two said hello; null before it has said so.</summary>
    public Context? FirstHave { get; set; }

    /// <summary>Whether a server that waits has greeted anew since: what it says here that it has, it may
    /// have thrown away.</summary>
    public bool IsOfBefore { get; set; }

    /// <summary>The last <c>error</c>: it may name an unused id.</summary>
    public string? Error { get; set; }

    /// <summary>Whether <c>join</c> was said to it here.</summary>
    public bool JoinSent { get; set; }

    /// <summary>Whether it has answered <c>joined</c> here.</summary>
    public bool Joined { get; set; }
}
