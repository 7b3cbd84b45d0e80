namespace CausalStore.Chaos.Tests;

/// <summary>What is counted in a run. A fault that was asked for and never happened proves nothing.</summary>
internal enum Happening
{
    // Faults.

    /// <summary>kill -9 under load, and started again a while later.</summary>
    Kill,

    /// <summary>kill -9 twice: the second one at any moment of the start after the first.</summary>
    KillWhileStarting,

    /// <summary>kill -9 of all that run, at the same time.</summary>
    KillAll,

    /// <summary>SIGSTOP, and SIGCONT a while later.</summary>
    Pause,

    /// <summary>SIGTERM, exit code 0, and started again.</summary>
    Stop,

    /// <summary>What one server sends to another is held, and let go a while later.</summary>
    Cut,

    /// <summary>Likewise, delayed.</summary>
    Delay,

    /// <summary>Killed, its directory lost; started again as if nothing were, told what to do, and that
    /// done: the old one forgotten, an empty one joined under an unused id.</summary>
    Wipe,

    /// <summary>Killed and forgotten; started again by mistake, told what to do, and that done.</summary>
    Forget,

    /// <summary>kill -9 of an empty server while it joins.</summary>
    KillWhileJoining,

    // What sessions did.
    Acknowledged,
    UnknownOutcomes,
    Refused,
    FailOvers,
    Moves,
    SessionsLost,
    Pushes,

    /// <summary>Times at which somebody looked and a delay queue was not empty.</summary>
    SeenWaiting,

    // What was judged.
    Rounds,
    Sessions,
    Operations,
    ReadsOfOthers,
    FinalReads,
    WritesLostWithTheirServer,
    Violations,
}
