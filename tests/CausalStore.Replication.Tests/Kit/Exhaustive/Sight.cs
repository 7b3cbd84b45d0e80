using CausalStore.Protocol;

namespace CausalStore.Replication.Tests.Kit.Exhaustive;

/// <summary>What is shown of one key: a value; a tombstone, which has no value; nothing.</summary>
internal readonly record struct Shown(WriteVersion Version, string? Value)
{
    public bool IsNothing => Version.Timestamp == 0;

    public bool IsTombstone => !IsNothing && Value is null;

    /// <summary><c>value K V VERSION</c>, <c>update K V VERSION</c>, <c>missing K [VERSION]</c> or
    /// <c>removed K VERSION</c></summary>
    public static (string Key, Shown Shown) Parse(string line)
    {
        string[] words = line.Split(' ');
        return words switch
        {
            ["value" or "update", var key, var value, var version] =>
                (key, new Shown(Kit.Parse.Version(version), value)),
            ["missing" or "removed", var key, var version] =>
                (key, new Shown(Kit.Parse.Version(version), null)),
            ["missing", var key] => (key, default),
            _ => throw new FormatException($"shows nothing of a key: {line}"),
        };
    }

    public override string ToString() =>
        IsNothing ? "nothing" : Value is null ? $"deleted by {Version}" : $"{Value} of {Version}";
}

/// <summary>A write as it was accepted, and what its client had seen.</summary>
internal sealed record Made(
    WriteVersion Version, IReadOnlyList<(string Key, string? Value)> Operations,
    IReadOnlyList<WriteVersion> Seen)
{
    public override string ToString() =>
        $"{Version} ({string.Join(", ", Operations.Select(each => each.Value is null
            ? $"delete {each.Key}" : $"write {each.Key} {each.Value}"))}, by one who had seen "
        + $"{(Seen.Count == 0 ? "nothing" : string.Join(", ", Seen))})";
}

internal enum Arrival
{
    None,
    Waiting,
    Refused,
    Done,
}

/// <summary>All that the clients of one server see at one moment; by <see cref="Scope.Keys"/>.</summary>
/// <param name="Keys">What a read of all keys shows.</param>
/// <param name="Watched">What the pushes to the watcher add up to.</param>
/// <param name="Pushes">What was pushed to it in the last step.</param>
/// <param name="Applied">What the server says that it has applied.</param>
/// <param name="Delayed">What waits.</param>
internal sealed record Sight(
    Shown[] Keys, Shown[] Watched, IReadOnlyList<(int Key, Shown Shown)> Pushes, Context Applied,
    IReadOnlyList<WriteVersion> Delayed)
{
    public string AppliedText { get; } = $"{Applied}";

    public bool HasApplied(WriteVersion version) => Applied.Exact.Contains(version)
        || Applied.UpTo.ToArray().Any(
            upTo => upTo.Origin == version.Origin && upTo.Timestamp >= version.Timestamp);

    public override string ToString() =>
        $"{string.Join(", ", Keys)} (watched: {string.Join(", ", Watched)})";
}
