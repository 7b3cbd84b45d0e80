using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary><c>why</c>: what a key or a version waits for, down to the root cause, what happens next and what
/// can be done about it. A line for each write in the chain, which begins with its version.</summary>
internal sealed class WhyReport(ReplicaState state, LinkReport links)
{
    /// <summary>Lines of a chain of reasons, at most.</summary>
    private const int ReasonsMax = 100;

    /// <summary>Needs that are named in one line, at most.</summary>
    private const int NeedsNamedMax = 10;

    /// <summary>One answer on its way: each write is explained once, so a chain ends.</summary>
    private sealed class Answer
    {
        public List<string> Lines { get; } = [];

        public HashSet<WriteVersion> Explained { get; } = [];

        /// <summary>Root causes: what has not come here, one for each origin.</summary>
        public Dictionary<ServerId, WriteVersion> Roots { get; } = [];
    }

    public void Explain(OutputBuffer output, byte[] subject)
    {
        Answer answer = new();

        if (WriteVersion.TryParse(subject, out var version))
        {
            ExplainWrite(version, answer);
        }
        else
        {
            ExplainKey(subject, answer);
        }

        foreach (var root in answer.Roots.Values)
        {
            answer.Lines.Add($"next: {links.Next(root)}");
            answer.Lines.Add($"to do: {links.ToDo(root)}");
        }

        foreach (string line in answer.Lines)
        {
            output.Append(line).EndLine();
        }

        ResponseWriter.End(output, answer.Lines.Count);
    }

    private void ExplainKey(byte[] key, Answer answer)
    {
        var waiting = state.Delays.All.Where(delayed => Writes(delayed.Write, key))
            .OrderBy(delayed => delayed.Write.Version).ToList();

        foreach (var delayed in waiting)
        {
            ExplainWrite(delayed.Write.Version, answer);
        }

        if (waiting.Count > 0)
        {
            return;
        }

        var stored = state.Store.Find(key);
        answer.Lines.Add(stored.Exists
            ? $"nothing waits: {Text(key)} is {(stored.IsTombstone ? "deleted" : "here")}, "
                + $"by {stored.Version}"
            : $"nothing waits, and no write of {Text(key)} has come here");

        if (stored.Exists)
        {
            answer.Lines.AddRange(links.Outgoing(stored.Version));
        }
    }

    private void ExplainWrite(WriteVersion version, Answer answer)
    {
        if (answer.Lines.Count >= ReasonsMax || !answer.Explained.Add(version))
        {
            return;
        }

        if (state.Delays.TryFind(version, out var delayed))
        {
            ExplainDelayed(delayed, answer);
        }
        else if (state.Applied.Contains(version))
        {
            answer.Lines.Add($"{version} is applied here");
            answer.Lines.AddRange(links.Outgoing(version));
        }
        else if (state.Applied.IsLost(version))
        {
            answer.Lines.Add(Reports.LostText(version));
        }
        else
        {
            ExplainMissing(version, answer);
        }
    }

    private void ExplainDelayed(DelayedWrite delayed, Answer answer)
    {
        var needs = delayed.Write.Needs;
        answer.Lines.Add(
            $"{delayed.Write.Version} waits since {(state.Now - delayed.Since).TotalSeconds:0.###} s: "
            + $"it needs {Needs(needs)}");
        var missing = state.Applied.Missing(needs);

        foreach (var need in missing.Exact)
        {
            ExplainWrite(need, answer);
        }

        foreach (var need in missing.UpTo)
        {
            ExplainUpTo(need, answer);
        }
    }

    /// <summary>Everything of an origin up to a write: what is missing may be older than that
    /// one.</summary>
    private void ExplainUpTo(WriteVersion last, Answer answer)
    {
        if (!state.Applied.Contains(last))
        {
            ExplainWrite(last, answer);
        }

        var waiting = state.Delays.All.Where(delayed => IsUpTo(delayed.Write.Version, last))
            .OrderBy(delayed => delayed.Write.Version);

        if (waiting.FirstOrDefault() is { } first)
        {
            ExplainWrite(first.Write.Version, answer);
        }
        else if (state.Applied.Contains(last) && answer.Lines.Count < ReasonsMax)
        {
            answer.Lines.Add(
                $"{last} is here, but not all that server {last.Origin} wrote before it, after "
                + $"{state.Applied.Watermark(last.Origin)}: {links.Incoming(last.Origin)}");
            AddRoot(last, answer);
        }
    }

    private void ExplainMissing(WriteVersion version, Answer answer)
    {
        bool isOfMember = state.Members.Find(version.Origin) is not null;
        answer.Lines.Add(
            $"{version} has not come here{(isOfMember ? $", and {links.WhoHas(version)}" : "")}: "
            + links.Incoming(version.Origin));
        AddRoot(version, answer);
    }

    /// <summary>Where this server can tell neither what comes next nor what helps, it says nothing.</summary>
    private void AddRoot(WriteVersion version, Answer answer)
    {
        if (state.Members.KnowsOrigin(version.Origin))
        {
            answer.Roots.TryAdd(version.Origin, version);
        }
    }

    private string Needs(Context needs)
    {
        List<string> texts = [];

        foreach (var need in needs.Exact)
        {
            texts.Add($"{need} ({(state.Applied.Contains(need) ? "applied" : State(need))})");
        }

        foreach (var need in needs.UpTo)
        {
            texts.Add($"..{need} ({(state.Applied.ContainsUpTo(need) ? "applied" : UpToState(need))})");
        }

        int more = texts.Count - NeedsNamedMax;
        return string.Join(", ", texts.Take(NeedsNamedMax)) + (more > 0 ? $" and {more} more" : "");
    }

    private string State(WriteVersion need) => state.Delays.TryFind(need, out _)
        ? "here, but waits itself"
        : $"not here, {links.WhoHas(need)}";

    private string UpToState(WriteVersion need) => $"applied up to {state.Applied.Watermark(need.Origin)}";

    private static bool IsUpTo(WriteVersion version, WriteVersion last) =>
        version.Origin == last.Origin && version.Timestamp <= last.Timestamp;

    private static bool Writes(Write write, byte[] key)
    {
        foreach (var operation in new Operations(new WordSplitter().Split(write.OperationsText), first: 0))
        {
            if (operation.Key.SequenceEqual(key))
            {
                return true;
            }
        }

        return false;
    }

    private static string Text(byte[] key)
    {
        OutputBuffer quoted = new();
        quoted.AppendWord(key);
        return Encoding.UTF8.GetString(quoted.Written);
    }
}
