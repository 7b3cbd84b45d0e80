using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Replication.Tests.Kit;

/// <summary>Values as they are written.</summary>
internal static class Parse
{
    public static WriteVersion Version(string word) =>
        WriteVersion.TryParse(Encoding.UTF8.GetBytes(word), out var version)
            ? version
            : throw new FormatException($"{word} is no version");

    public static Context Context(string word) => Protocol.Context.Parse(Encoding.UTF8.GetBytes(word));

    public static IReadOnlyList<WriteRange> Ranges(string word) =>
        WriteRange.ParseList(Encoding.UTF8.GetBytes(word));

    /// <summary><c>replicate VERSION PREVIOUS NEEDS OPS</c></summary>
    public static Write Write(string line) =>
        Protocol.Write.Parse(new WordSplitter().Split(Encoding.UTF8.GetBytes(line)), new OutputBuffer());
}
