using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Scenarios;

/// <summary>A line of <c>pending</c>: <c>delayed VERSION SECONDS NEEDS OPS...</c></summary>
internal sealed record DelayedWrite(WriteVersion Version, Context Missing, ClientRequest Write)
{
    public IEnumerable<string> Keys => Write.Changes.Select(change => change.Key);

    public static DelayedWrite Parse(string line)
    {
        string[] parts = line.Split(' ', 5);

        return parts is ["delayed", var word, _, var missing, var operations]
            && WriteVersion.TryParse(Encoding.UTF8.GetBytes(word), out var version)
            && Context.TryParse(Encoding.UTF8.GetBytes(missing), out var context)
            ? new DelayedWrite(version, context, ClientRequest.Parse(operations))
            : throw new StageException($"a server says what nobody understands: {line}");
    }
}
