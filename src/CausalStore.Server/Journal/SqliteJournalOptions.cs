using CausalStore.Server.Storage;

namespace CausalStore.Server.Journal;

internal sealed record SqliteJournalOptions
{
    public Fsync Fsync { get; init; } = Fsync.Always;

    /// <summary>Beyond so many bytes of the file, rows go that the saved state has.</summary>
    public long RetainBytes { get; init; } = StorageOptions.RetainBytesDefault;

    /// <summary>A save is wanted when so much of the journal is in none.</summary>
    public long SaveBytes { get; init; } = 32L << 20;

    /// <summary>Asked before every commit for the pages that the file may have; null: as many as the disk has
    /// room for.</summary>
    public Func<int>? PagesMax { get; init; }
}
