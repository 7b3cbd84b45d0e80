namespace CausalStore.Simulation;

/// <summary>Where in the order of its effects a process ends.</summary>
internal enum CrashPoint
{
    None,

    /// <summary>In the middle of its next turn: in memory some of what it says is sent and some is not;
    /// with a disk nothing of the turn is journaled or sent.</summary>
    InATurn,

    /// <summary>After its next turn: the turn's batch may be lost, or be durable and nobody knows.</summary>
    AfterATurn,

    /// <summary>When the next batch is durable: some of what waited for it is sent and some is not.</summary>
    WhileSending,

    /// <summary>Between two pieces of a state that is being saved.</summary>
    WhileSaving,

    /// <summary>While it takes in a copy of another server's state.</summary>
    WhileCopying,

    /// <summary>While it hears of somebody's joining.</summary>
    WhileJoining,

    /// <summary>While it hears what others hold of forgotten servers, or what survives.</summary>
    WhileSettling,
}
