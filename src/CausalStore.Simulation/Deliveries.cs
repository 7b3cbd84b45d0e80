using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Simulation;

/// <summary>
/// What a server must have applied, by the contract alone: every write that was handed to it and whose NEEDS
/// are applied. It says nothing about servers that are forgotten: what is taken of their writes is settled.
/// </summary>
internal sealed class Deliveries(SimulatedServer server)
{
    private readonly HashSet<WriteVersion> _applied = [];
    private readonly Dictionary<WriteVersion, Context> _waiting = [];
    private readonly List<WriteVersion> _justApplied = [];
    private readonly WordSplitter _splitter = new();
    private bool _hasArrived;
    private bool _hasCopy;

    private World World => server.World;

    /// <summary>A full delay queue lets writes go, which are sent again: then nothing can be said of
    /// them.</summary>
    private bool IsExact => server.Observer is not null && !World.Settings.TinyDelayQueue;

    /// <summary>The server begins to serve: what it has so far is what it says.</summary>
    public void Begin()
    {
        TakeItsWord();

        if (!IsExact)
        {
            return;
        }

        foreach (var version in server.Pending().Where(version => !IsForgotten(version.Origin)))
        {
            if (server.Observer!.Record.NeedsOf(version) is { } needs)
            {
                _waiting.Add(version, needs);
            }
        }
    }

    /// <summary>The server itself has accepted a write.</summary>
    public void Accepted(WriteVersion version)
    {
        _applied.Add(version);
        _hasArrived = true;
    }

    /// <summary>A line is about to be handed in.</summary>
    public void Arrives(SimulatedServer sender, ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("copied-all "u8))
        {
            _hasCopy = true;
            World.Coverage.Count(Happening.CopiesOfState);
        }

        if (line.StartsWith("copy-after "u8) && !line.EndsWith(" \"\""u8))
        {
            World.Coverage.Count(Happening.CopiesResumed);
        }

        if (line.StartsWith("settled "u8))
        {
            World.Coverage.Count(Happening.Settlements);
            var settled = _splitter.Split(line);
            server.Observer?.Record.Settled(IdSet.Parse(settled[1]), WriteRange.ParseList(settled[2]));
        }

        if (!line.StartsWith("replicate "u8))
        {
            return;
        }

        var (version, needs) = World.Head(line);
        World.Coverage.Count(Happening.WritesDelivered);

        if (_applied.Contains(version) || _waiting.ContainsKey(version))
        {
            World.Coverage.Count(Happening.WritesDeliveredAgain);
        }
        else if (IsExact && !IsForgotten(version.Origin) && !IsForgotten(sender.Id))
        {
            World.Coverage.Count(Happening.WritesDelayed, IsApplied(needs) ? 0 : 1);
            _waiting.Add(version, needs);
            _hasArrived = true;
            server.MustSurvive.Took(version);
        }
    }

    /// <summary>Fails where a write is held back without a reason.</summary>
    public void EndStep()
    {
        if (_hasCopy)
        {
            _hasCopy = false;
            TakeItsWord();
        }

        if (!_hasArrived)
        {
            return;
        }

        _hasArrived = false;
        Promote();

        foreach (var version in _justApplied)
        {
            JudgeShown(version);
        }

        _justApplied.Clear();

        if (_waiting.Count > 0 && World.JudgeDice.Chance(0.05))
        {
            JudgePending();
        }
    }

    /// <summary>Fails where the delay queue holds a write that waits for nothing.</summary>
    public void JudgePending()
    {
        foreach (var response in server.Probe("pending"))
        {
            if (response is Response.Text(string line))
            {
                JudgeDelayed(line);
            }
        }
    }

    /// <summary>Fails where a write that was made here needs, by a <c>..T@S</c>, what was not here: its
    /// session cannot have seen it.</summary>
    public void JudgeUpTo(WriteVersion version, Context needs)
    {
        if (needs.UpTo.Length == 0 || !IsExact || version.Origin != server.Id)
        {
            return;
        }

        // By its own word: what one that is forgotten has passed on is not in the books here.
        var applied = Applied();

        foreach (var unseen in NotApplied(needs)
            .Where(unseen => !IsForgotten(unseen.Origin) && !Names(applied, unseen)))
        {
            throw new BrokenPromiseException(
                Promises.NoFalseDependency,
                $"{version} of server {server.Id} needs {needs}, which names {unseen}: that was not there");
        }
    }

    private void Promote()
    {
        List<WriteVersion> ready = [];

        do
        {
            ready.Clear();
            ready.AddRange(_waiting.Where(write => IsApplied(write.Value)).Select(write => write.Key));

            foreach (var version in ready)
            {
                _waiting.Remove(version);
                _applied.Add(version);
                _justApplied.Add(version);
            }
        }
        while (ready.Count > 0);
    }

    private void JudgeShown(WriteVersion version)
    {
        if (server.Observer is not { } observer || observer.Record.Find(version) is not { } write)
        {
            return;
        }

        foreach (var (key, _) in write.Operations)
        {
            string since = $"{version} has arrived, and all that it needs is applied";
            observer.Demand(key, version, Promises.NoFalseWaiting, since);
        }
    }

    private void JudgeDelayed(string line)
    {
        World.Coverage.Count(Happening.WritesPendingSeen);
        var words = _splitter.Split(Encoding.UTF8.GetBytes(line));

        if (words.Count < 6
            || !words[0].SequenceEqual("delayed"u8)
            || !WriteVersion.TryParse(words[1], out var version)
            || !Context.TryParse(words[3], out var missing))
        {
            throw new BrokenPromiseException(Promises.CleanAnswers, $"not a line of 'pending': {line}");
        }

        bool namesWhatIsHere = missing.Exact.ToArray().Any(_applied.Contains);

        if (missing.IsEmpty || namesWhatIsHere || _applied.Contains(version))
        {
            throw new BrokenPromiseException(
                Promises.NoFalseWaiting, $"server {server.Id} waits for what is there: {line}");
        }
    }

    /// <summary>A copy of a state, or a new server: what the wire has brought says nothing about
    /// it.</summary>
    private void TakeItsWord()
    {
        if (server.Observer is not { } observer)
        {
            return;
        }

        var applied = Applied();

        foreach (var write in observer.Record.Writes)
        {
            // What is lost counts as passed there, and yet it is not applied.
            if (Names(applied, write.Version) && !IsForgotten(write.Version.Origin))
            {
                _applied.Add(write.Version);
                _waiting.Remove(write.Version);
            }
        }

        _hasArrived = true;
    }

    private Context Applied() => Context.Parse(Encoding.UTF8.GetBytes(server.Status("applied")));

    private bool IsApplied(Context needs)
    {
        foreach (var need in needs.Exact)
        {
            if (!_applied.Contains(need))
            {
                return false;
            }
        }

        return needs.UpTo.Length == 0 || !NotApplied(needs).Any();
    }

    /// <summary>Writes that the <c>..T@S</c> of a context mean and that are not applied.</summary>
    private IEnumerable<WriteVersion> NotApplied(Context needs) =>
        server.Observer!.Record.Writes.Select(write => write.Version)
            .Where(version => IsUpTo(needs, version) && !_applied.Contains(version));

    private static bool Names(Context context, WriteVersion version) =>
        context.Exact.Contains(version) || IsUpTo(context, version);

    private static bool IsUpTo(Context context, WriteVersion version)
    {
        foreach (var last in context.UpTo)
        {
            if (last.Origin == version.Origin && last.Timestamp >= version.Timestamp)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsForgotten(ServerId id) => server.Observer?.Record.Forgotten.Contains(id) ?? false;
}
