namespace CausalStore.Protocol;

/// <summary>When a server shows a replicated write.</summary>
public enum Consistency
{
    /// <summary>Once everything that it depends on is shown.</summary>
    Causal,

    /// <summary>At once: shows the anomaly on purpose, for teaching and measuring.</summary>
    Eventual,
}
