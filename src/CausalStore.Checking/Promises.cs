namespace CausalStore.Checking;

/// <summary>What a causal store promises, as far as a history can show that it was broken.</summary>
/// <remarks>
/// Causal memory (CM) is not among them on purpose: honest last-writer-wins stores violate it
/// (Bouajjani, Enea, Guerraoui, Hamza: "On verifying causal consistency", POPL 2017, section 3).
/// </remarks>
[Flags]
public enum Promises
{
    None = 0,

    /// <summary>CC (POPL 2017, section 3): every read is explained by what is in its causal past.</summary>
    CausalConsistency = 1 << 0,

    /// <summary>CCv (POPL 2017, section 3): CC, and one order of all writes explains every read.</summary>
    CausalConvergence = 1 << 1,

    /// <summary>A session sees what it wrote (Terry et al., PDIS 1994, section 3.1).</summary>
    ReadYourWrites = 1 << 2,

    /// <summary>What a session has seen, it never sees undone (PDIS 1994, section 3.2).</summary>
    MonotonicReads = 1 << 3,

    /// <summary>The writes of a session are seen in their order (PDIS 1994, section 3.4).</summary>
    MonotonicWrites = 1 << 4,

    /// <summary>A write is seen after what its session had read (PDIS 1994, section 3.3).</summary>
    WritesFollowReads = 1 << 5,

    /// <summary>An atomic write is seen whole or not at all.</summary>
    AtomicVisibility = 1 << 6,

    /// <summary>A read of several keys shows one causally closed state.</summary>
    SnapshotReads = 1 << 7,

    /// <summary>When everything has arrived, all replicas are equal and no write is lost.</summary>
    Convergence = 1 << 8,

    /// <summary>
    /// Versions are used once, grow with causality and decide who wins (judged only if asked to).
    /// </summary>
    Versions = 1 << 9,
}
