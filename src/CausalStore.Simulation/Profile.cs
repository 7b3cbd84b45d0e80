namespace CausalStore.Simulation;

/// <summary>What kind of trouble a run is about.</summary>
internal enum Profile
{
    /// <summary>A rough network, and nobody comes or goes.</summary>
    Plain,

    /// <summary>Partitions, flapping and slow links, links cut on purpose.</summary>
    Partition,

    /// <summary>A cluster is founded in the middle of trouble; servers are restarted before it is.</summary>
    Bootstrap,

    /// <summary>Servers join while others write.</summary>
    Join,

    /// <summary>Servers crash, are forgotten, dead or alive, and new ones take their place.</summary>
    Forget,

    /// <summary>Two clusters, whose servers meet, and newcomers that name servers of both.</summary>
    TwoClusters,

    /// <summary>Servers with disks crash anywhere and come back with what was durable.</summary>
    Crash,

    /// <summary>Logs are short and absences long, so that states are copied; servers join
    /// meanwhile.</summary>
    Copy,

    /// <summary>Disks are lost, one or several, and their servers started as if they were not.</summary>
    Wipe,

    /// <summary>Old copies of disks are put back, and ids used twice.</summary>
    OldCopy,

    /// <summary>Disks are slow, or full for a while.</summary>
    FullDisk,

    /// <summary>Servers are forgotten, dead or alive or both of each other, while writes of theirs are
    /// delayed or under way, and crash while they settle.</summary>
    Settle,

    /// <summary>Servers join whose addresses everybody names from the beginning: members dial them while they
    /// dial members.</summary>
    Expected,
}
