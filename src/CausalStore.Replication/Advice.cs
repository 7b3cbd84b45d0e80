using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>What a server says when it must end, or waits: what is wrong, and the commands to type.</summary>
/// <remarks>Each stands behind 'Server ID stops: '.</remarks>
internal static class Advice
{
    public static string IdTaken(ReplicaOptions options, string who, string unusedId) =>
        $"""
        it cannot run under this id: {who}.
          Is another server running under id {options.Id}?
            Then {Empty(options)}start this one with an unused id: --id {unusedId}
          Is the old one lost?
            Then type 'forget {options.Id}' at a live server, {Empty(options)}start with --id {unusedId}
        """;

    public static string Forgotten(ReplicaOptions options, string unusedId) =>
        $"""
        it was forgotten by its cluster, and a forgotten id is never used again.
          To bring it back, {Empty(options)}start with an unused id: --id {unusedId}
        """;

    public static string OldData(ReplicaOptions options, WriteVersion missing, string unusedId) =>
        $"""
        it runs on old data: another server has its write {missing}, which is not in them.
          The data are left as they are. Type 'forget {options.Id}' at a live server,
          then {Empty(options)}start with an unused id: --id {unusedId}
        """;

    private static string Empty(ReplicaOptions options) => options.DataDirectory is { } directory
        ? $"move {directory} away and "
        : "";
}
