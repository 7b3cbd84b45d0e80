namespace CausalStore.Simulation;

/// <summary>What somebody does wrong who starts a server: each must end with advice.</summary>
internal enum Mistake
{
    None,

    /// <summary>Its data are gone, and it is started again under its old id.</summary>
    Wiped,

    /// <summary>The same in the middle of joining: if nobody has recorded it yet, it may join.</summary>
    WipedWhileJoining,

    /// <summary>An old copy of its data was put back.</summary>
    OldCopy,

    /// <summary>Another server has its id.</summary>
    SameId,
}
