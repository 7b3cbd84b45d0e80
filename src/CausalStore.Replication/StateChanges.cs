using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>A write that waits in the delay queue, or waits no more (<paramref name="Write"/> is
/// null).</summary>
public readonly record struct DelayChange(WriteVersion Version, Write? Write);

/// <summary>
/// What has changed since changes were last taken. Laid over what was saved then, it is the whole state of
/// the replica as of one moment, the end of a turn: <see cref="Recovery"/> begins with it.
/// </summary>
/// <param name="IsAnew">Keys and delayed writes that were saved before are gone, all of them.</param>
/// <param name="Keys">What the keys have that have changed. Anybody may read it, on any thread, until
/// <see cref="Replica.EndSave"/>.</param>
/// <param name="Removed">Keys that are gone: their tombstones were needed no longer.</param>
/// <param name="Delayed">In the order of the changes: the last one of a version counts.</param>
/// <param name="Facts">All the rest, which is small: lines that take the place of all facts saved
/// before.</param>
/// <param name="KeysInAll">So many keys there are then, the deleted ones among them.</param>
public sealed record StateChanges(
    bool IsAnew, FrozenRecords Keys, IReadOnlyList<byte[]> Removed, IReadOnlyList<DelayChange> Delayed,
    ReadOnlyMemory<byte> Facts, int KeysInAll);
