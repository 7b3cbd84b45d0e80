namespace CausalStore.Client;

/// <summary>One step of an atomic write.</summary>
/// <param name="Value">Null: the key is deleted.</param>
public readonly record struct Change(Word Key, Word? Value)
{
    public static Change Write(Word key, Word value) => new(key, value);

    public static Change Delete(Word key) => new(key, null);
}
