using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Server.Storage;

/// <summary>What can be read from the saved lines of <see cref="Replication.StateChanges.Facts"/> without a
/// replica.</summary>
internal static class SavedFacts
{
    /// <summary>The smallest id that no server known here has, or had.</summary>
    public static ServerId UnusedId(ReadOnlySpan<byte> facts, ServerId own)
    {
        var used = Ids(facts);
        used.Add(own);
        return Enumerable.Range(1, ushort.MaxValue).Select(id => new ServerId((ushort)id))
            .First(id => !used.Contains(id));
    }

    /// <summary>Every server that is named: members, forgotten ones, and whoever has written.</summary>
    public static HashSet<ServerId> Ids(ReadOnlySpan<byte> facts)
    {
        HashSet<ServerId> ids = [];
        WordSplitter splitter = new();

        foreach (var range in facts.Split((byte)'\n'))
        {
            if (facts[range] is not { IsEmpty: false } line)
            {
                continue;
            }

            var words = splitter.Split(line);
            string verb = Encoding.UTF8.GetString(words[0]);

            if (verb is "member" or "forgotten" && ServerId.TryParse(words[1], out var id))
            {
                ids.Add(id);
            }
            else if (verb is "applied")
            {
                ids.UnionWith(WriteRange.ParseList(words[1]).Select(written => written.Origin));
            }
        }

        return ids;
    }
}
