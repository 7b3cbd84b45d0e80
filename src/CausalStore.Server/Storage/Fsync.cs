namespace CausalStore.Server.Storage;

/// <summary>When what is acknowledged reaches the disk itself.</summary>
internal enum Fsync
{
    /// <summary>Before it is acknowledged.</summary>
    Always,

    /// <summary>Within about a second.</summary>
    EverySecond,

    /// <summary>When the operating system likes.</summary>
    Never,
}

internal static class FsyncPromise
{
    public static string Word(Fsync fsync) => fsync switch
    {
        Fsync.Always => "always",
        Fsync.EverySecond => "everysec",
        _ => "never",
    };

    /// <summary>What a server promises to survive, for people.</summary>
    public static string Describe(Fsync fsync) => fsync switch
    {
        Fsync.Always =>
            "always: what is acknowledged survives a crash of the server, of the system, and of the power",
        Fsync.EverySecond =>
            "everysec: what is acknowledged survives a crash of the server; a crash of the system or of the"
            + " power may take the last second, and then this server does not start again under its id",
        _ =>
            "never: what is acknowledged survives a crash of the server; a crash of the system or of the"
            + " power may take more, and then this server does not start again under its id",
    };
}
