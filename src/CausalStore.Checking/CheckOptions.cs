namespace CausalStore.Checking;

/// <summary>How a history is judged.</summary>
public sealed record CheckOptions
{
    public VersionUse Versions { get; init; } = VersionUse.WhereNeeded;

    /// <summary>How many violations of each kind are told; the others are counted.</summary>
    public int StoriesPerKind { get; init; } = 3;

    /// <summary>
    /// Whether reads at rest must show every acknowledged write, or a later one. Only a run that may lose
    /// writes (a server that was forgotten) is judged without it.
    /// </summary>
    public bool NothingIsLost { get; init; } = true;
}

/// <summary>How far the versions in a history are believed.</summary>
public enum VersionUse
{
    /// <summary>Not at all: only values tell writes apart.</summary>
    Ignore,

    /// <summary>Only to tell apart writes of one key that wrote the same value, and deletes.</summary>
    WhereNeeded,

    /// <summary>They tell writes apart, and are judged themselves.</summary>
    Judge,
}
