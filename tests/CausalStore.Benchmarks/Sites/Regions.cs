namespace CausalStore.Benchmarks.Sites;

/// <summary>
/// Ten regions of one cloud and the round-trip times between them, as IBM Cloud published them for its VPC
/// (averages of 27 July to 25 August 2024, "Network latency dashboards"). More sites than regions stand in
/// the regions in turn, in zones of their own.
/// </summary>
internal static class Regions
{
    /// <summary>Between two zones of a region; the same page has 0.6 to 2.9 ms.</summary>
    private const double BetweenZonesMs = 2;

    private static readonly string[] Names =
    [
        "Washington", "Frankfurt", "Tokyo", "Sao Paulo", "Sydney", "Dallas", "London", "Osaka", "Madrid",
        "Toronto",
    ];

    // Milliseconds there and back, from the region of the row to those before it.
    private static readonly double[][] RoundTripMs =
    [
        [],
        [91],
        [166, 233],
        [119, 196, 283],
        [214, 249, 115, 328],
        [31, 123, 143, 144, 186],
        [75, 13, 244, 187, 261, 113],
        [172, 231, 9, 291, 122, 150, 243],
        [88, 29, 256, 208, 275, 122, 27, 257],
        [19, 93, 162, 128, 214, 34, 83, 169, 106],
    ];

    public static string NameOf(int site) => Names[site % Names.Length];

    public static TimeSpan OneWay(int from, int to)
    {
        int nearer = Math.Min(from % Names.Length, to % Names.Length);
        int farther = Math.Max(from % Names.Length, to % Names.Length);
        double roundTrip = nearer == farther ? BetweenZonesMs : RoundTripMs[farther][nearer];
        return TimeSpan.FromMilliseconds(roundTrip / 2);
    }
}
