namespace CausalStore.Server.Storage;

/// <summary>The data cannot be read or kept; the text says what is wrong and what to do.</summary>
internal sealed class StorageException(string text) : Exception(text)
{
    /// <summary>Whether what was kept is not there, or is not what was written.</summary>
    public bool IsDamage { get; private init; }

    /// <summary>Whether a newer version has written it, and nothing is known to be wrong with it.</summary>
    public bool IsNewer { get; init; }

    public static StorageException Damage(string text) => new(text) { IsDamage = true };
}
