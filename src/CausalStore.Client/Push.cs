using CausalStore.Protocol;

namespace CausalStore.Client;

/// <summary>What a watching client is told, in an order that respects causality.</summary>
public abstract record Push
{
    private Push()
    {
    }

    /// <summary>The key has this value now.</summary>
    public sealed record Updated(Word Key, Word Value, WriteVersion Version) : Push;

    /// <summary>The key has no value any more.</summary>
    public sealed record Removed(Word Key, WriteVersion Version) : Push;

    /// <summary>The connection was lost and another server watches now: what changed in between was not pushed.
    /// Read what you need to know.</summary>
    public sealed record Gap : Push;
}
