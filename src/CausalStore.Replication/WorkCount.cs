namespace CausalStore.Replication;

/// <summary>What a server has done since it began, so that somebody who asks twice knows how much it
/// does.</summary>
internal sealed class WorkCount
{
    /// <summary>Requests of clients, refused ones included.</summary>
    public long Requests { get; set; }

    /// <summary>Writes that were accepted from clients.</summary>
    public long Writes { get; set; }

    /// <summary>Writes that came from other servers and were not here yet.</summary>
    public long Received { get; set; }

    /// <summary>Writes that were sent to other servers, to each of them once more.</summary>
    public long Sent { get; set; }
}
