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
}
