using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>A key that has got another value, or is gone: its tombstone was needed no longer.</summary>
public readonly record struct KeyChange(StoredValue Stored, bool IsGone);

/// <summary>A write that waits in the delay queue, or waits no more (<paramref name="Write"/> is
/// null).</summary>
public readonly record struct DelayChange(WriteVersion Version, Write? Write);

/// <summary>
/// What has changed since changes were last taken. Laid over what was saved then, it is the whole state of
/// the replica as of one moment, the end of a turn: <see cref="Recovery"/> begins with it.
/// </summary>
/// <param name="IsAnew">Keys and delayed writes that were saved before are gone, all of them.</param>
/// <param name="Keys">In the order of the changes: the last one of a key counts.</param>
/// <param name="Delayed">In the order of the changes: the last one of a version counts.</param>
/// <param name="Facts">All the rest, which is small: lines that take the place of all facts saved
/// before.</param>
public sealed record StateChanges(
    bool IsAnew,
    IReadOnlyList<KeyChange> Keys,
    IReadOnlyList<DelayChange> Delayed,
    ReadOnlyMemory<byte> Facts);
