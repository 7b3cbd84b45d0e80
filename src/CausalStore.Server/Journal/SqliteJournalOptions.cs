using CausalStore.Server.Storage;

namespace CausalStore.Server.Journal;

internal sealed record SqliteJournalOptions
{
    private const long SaveBytesLeast = 32L << 20;
    private const long SaveBytesMost = 192L << 20;
    private const long LagBytes = 64L << 20;

    public Fsync Fsync { get; init; } = Fsync.Always;

    /// <summary>Beyond so many bytes of the file, rows go that the saved state has.</summary>
    public long RetainBytes { get; init; } = StorageOptions.RetainBytesDefault;

    /// <summary>A save is wanted when so much of the journal is in none: most of what is retained anyway. The
    /// rarer a save, the more often a key has changed that it writes once; the longer a restart
    /// takes.</summary>
    public long SaveBytes
    {
        get => field > 0 ? field : Math.Clamp(RetainBytes / 4 * 3, SaveBytesLeast, SaveBytesMost);
        init;
    }

    /// <summary>Bytes of the journal that the saved state lacks; beyond it the loop executes
    /// nothing.</summary>
    public long UnfoldedBytesMax => (2 * Math.Max(SaveBytes, SaveBytesLeast)) + LagBytes;

    /// <summary>Asked before every commit for the pages that the file may have; null: as many as the disk has
    /// room for.</summary>
    public Func<int>? PagesMax { get; init; }
}
