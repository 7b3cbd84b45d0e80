using CausalStore.Protocol;

namespace CausalStore.Client;

/// <summary>What a read found at a key.</summary>
/// <param name="Value">Null: the key has none.</param>
/// <param name="Version">The write that the value comes from, or the delete, while it is remembered.</param>
public sealed record Entry(Word Key, Word? Value, WriteVersion? Version);

/// <summary>What a scan found, in byte order of the keys.</summary>
/// <param name="MayHaveMore">The limit was reached: scan on after the last key.</param>
public sealed record ScanPage(IReadOnlyList<Entry> Entries, bool MayHaveMore);
