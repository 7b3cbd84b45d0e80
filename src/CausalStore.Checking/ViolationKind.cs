namespace CausalStore.Checking;

/// <summary>
/// The shape of a violation. CO is causal order, the closure of session order and reads-from; the first five
/// are the patterns of POPL 2017, table 2 ("On verifying causal consistency"), over whole operations.
/// </summary>
public enum ViolationKind
{
    /// <summary>A value was read that nobody wrote.</summary>
    ThinAirRead,

    /// <summary>
    /// An operation is in its own causal past: a read shows what was written because of it.
    /// </summary>
    CyclicCO,

    /// <summary>
    /// A key was missing although a write of it, and no later delete, was in the past of the read.
    /// </summary>
    WriteCOInitRead,

    /// <summary>
    /// A stale read: a value was shown that another write in the past of the read had replaced.
    /// </summary>
    WriteCORead,

    /// <summary>
    /// No one order of the writes explains all reads: each would have to win over the other.
    /// </summary>
    CyclicCF,

    /// <summary>The keys of one read never had these values together in any causal state.</summary>
    FracturedRead,

    /// <summary>A value was read that its own atomic write had replaced.</summary>
    HalfOfAWrite,

    /// <summary>An operation that wrote a key and then read it did not see its own write.</summary>
    ReadsAroundOwnWrite,

    /// <summary>Two reads at rest of one key differ.</summary>
    FinalReadsDiffer,

    /// <summary>A read at rest does not show a write that nothing replaced.</summary>
    LostWrite,

    /// <summary>Two writes have one version.</summary>
    VersionUsedTwice,

    /// <summary>A write has a version that is not greater than one in its causal past.</summary>
    VersionNotGreater,

    /// <summary>A read shows a value under another version than the write of it got.</summary>
    WrongVersion,

    /// <summary>A read shows a write although one with a greater version had been seen.</summary>
    NotTheLastWriter,
}
