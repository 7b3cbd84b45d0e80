namespace CausalStore.Replication;

/// <summary>A promise to ourselves, kept switched on in production.</summary>
internal static class Invariant
{
    /// <exception cref="InvariantException">It does not hold: this server must stop before it shows more.</exception>
    public static void Holds(bool condition, string promise)
    {
        if (!condition)
        {
            throw new InvariantException($"broken invariant: {promise}");
        }
    }
}

/// <summary>The replica contradicts itself: a mistake in the program. Nothing it says can be trusted.</summary>
public sealed class InvariantException(string message) : Exception(message);
