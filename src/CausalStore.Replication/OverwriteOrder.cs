using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>How the winner of a key stands to a write that it won against.</summary>
internal enum OverwriteOrder
{
    /// <summary>Its writer had seen the loser: it came causally later.</summary>
    Seen,

    /// <summary>One server took both, one after the other.</summary>
    InOrder,

    /// <summary>The server that took it had the loser, and so had every member, perhaps: contexts no longer
    /// name that, and whether its writer had seen it is not recorded.</summary>
    Shown,

    /// <summary>Its writer had not seen the loser: they were concurrent.</summary>
    Unseen,

    /// <summary>None of these can be told, or not any more.</summary>
    Unknown,
}

/// <summary>A write that was overwritten by a concurrent one.</summary>
internal sealed record Conflict(byte[] Key, WriteVersion Winner, WriteVersion Loser, TimeSpan DecidedAt);
