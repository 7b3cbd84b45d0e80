using System.Buffers.Text;
using CausalStore.Protocol;

namespace CausalStore.Replication;

// How a server finds itself again after its process has ended.
//
// Two things are kept outside: the state as it was saved last (StateChanges), and the journal. First the
// saved state is given back: facts, then keys and delayed writes in any order. Then the journal's lines in
// their order: those of before the save are there for peers that lack them; those of since are taken in again
// by the very code that took them in the first time. Taking in twice changes nothing, so it is no matter that
// parts of the saved state may be of a later moment than its facts.
//
// A fact or a journaled line is what one server says to another (`member`, `forgotten`, `statement`,
// `settled`, `lost`, `replicate`, `copy`, `copied`, `copied-all`), or one of these:
//
//   cluster NAME [HOST PORT]     the name of this server's cluster, and who told it
//   joined                       the mark of having joined, set last
//   clock TIMESTAMP
//   applied RANGES
//   losses COUNT [VERSION ...]   writes known to be lost, and the last of them
public sealed class Recovery
{
    private readonly ReplicaState _state;
    private readonly CausalDelivery _delivery;
    private readonly Joining _joining;
    private readonly Settlement _settlement;
    private readonly StateMerge _merge;
    private readonly Tombstones _tombstones;
    private readonly Action<ServerId> _forget;
    private readonly WordSplitter _splitter = new();
    private readonly KeptWrites _kept = new();
    private readonly KeyPrefetch _prefetch;
    private readonly List<(byte[] Key, WriteVersion Version)> _deleted = [];
    private ArrivingCopy? _copy;
    private bool _stateIsWhole;

    internal Recovery(
        ReplicaState state, CausalDelivery delivery, Joining joining, Settlement settlement, StateMerge merge,
        Tombstones tombstones, Action<ServerId> forget)
    {
        _state = state;
        _delivery = delivery;
        _joining = joining;
        _settlement = settlement;
        _merge = merge;
        _tombstones = tombstones;
        _forget = forget;
        _prefetch = new KeyPrefetch(state);
        state.IsRecovering = true;
    }

    /// <summary>All that is small, as it was saved: the lines of <see cref="StateChanges.Facts"/>. First of
    /// all, and once.</summary>
    /// <exception cref="ProtocolException">They are not what this version saves.</exception>
    public void Facts(ReadOnlySpan<byte> lines)
    {
        foreach (var range in lines.Split((byte)'\n'))
        {
            if (!lines[range].IsEmpty)
            {
                TakeIn(lines[range]);
            }
        }
    }

    /// <summary>A key as it was saved.</summary>
    /// <param name="value">Empty for a tombstone.</param>
    public void Key(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isTombstone, WriteVersion version)
    {
        _state.Store.Restore(key, value, isTombstone, version);

        if (isTombstone)
        {
            _deleted.Add((key.ToArray(), version));
        }
    }

    /// <summary>A delayed write as it was saved, or any write of before the save that others may lack:
    /// <c>replicate ...</c>.</summary>
    /// <exception cref="ProtocolException">It is no such line.</exception>
    public void Delayed(ReadOnlySpan<byte> line) =>
        _delivery.Take(WriteLine.Parse(_splitter.Split(line)), from: null);

    /// <summary>A line of the journal from before the save: a write is kept for peers that lack it.</summary>
    /// <exception cref="ProtocolException">It is no line of a journal.</exception>
    public void Kept(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("replicate "u8))
        {
            return;
        }

        var write = WriteLine.Parse(_splitter.Split(line));

        if (_state.Applied.Contains(write.Version))
        {
            _kept.Add(write, line);
        }
    }

    /// <summary>Lines of the journal from after the save that will be handed over next: what they name is
    /// brought nearer.</summary>
    /// <returns>After how many lines it is worth calling again.</returns>
    public int Prefetch(ReadOnlySpan<byte> lines) =>
        _prefetch.Look(lines, KeyPrefetch.WordsBeforeKeyInWrite);

    /// <summary>A line of the journal from after the save.</summary>
    /// <exception cref="ProtocolException">It is no line of a journal.</exception>
    public void Journaled(ReadOnlySpan<byte> line)
    {
        CompleteState();
        TakeIn(line);
    }

    /// <summary>That was all.</summary>
    public void End()
    {
        CompleteState();
        _state.IsRecovering = false;
        _state.HasRecovered = _state.Members.Cluster is not null;
    }

    /// <summary>The lines that <see cref="Facts"/> reads.</summary>
    internal static void AppendFacts(ReplicaState state, Settlement settlement, OutputBuffer output)
    {
        var members = state.Members;

        if (members.Cluster is not null)
        {
            AppendCluster(members, output);
        }

        if (members.HasJoined)
        {
            output.Append("joined"u8).EndLine();
        }

        foreach (var member in members.All)
        {
            PeerMessage.Member told = new(member.Id, member.Instance, member.Address);
            PeerMessageCodec.Append(told, output);

            if (member.OtherInstance is { } other)
            {
                PeerMessageCodec.Append(told with { Instance = other }, output);
            }
        }

        foreach (var id in members.Forgotten)
        {
            PeerMessageCodec.Append(new PeerMessage.Forgotten(id), output);
        }

        output.Append("clock "u8).Append(state.Clock.Time).EndLine();

        if (state.Applied.Lost() is { Count: > 0 } lost)
        {
            PeerMessageCodec.Append(new PeerMessage.LostBefore(lost), output);
        }

        output.Append("applied "u8);
        state.Applied.AppendRanges(output);
        output.EndLine();
        settlement.AppendFacts(output);

        if (state.Lost.Count > 0)
        {
            output.Append($"losses {state.Lost.Count} {string.Join(' ', state.Lost.Listed)}").EndLine();
        }
    }

    /// <summary><c>cluster NAME [HOST PORT]</c></summary>
    internal static void AppendCluster(Membership members, OutputBuffer output)
    {
        output.Append("cluster "u8).AppendWord(members.Cluster!);

        if (members.NamedBy is { } address)
        {
            output.Space().AppendWord(address.Host).Space().Append(address.Port);
        }

        output.EndLine();
    }

    private void TakeIn(ReadOnlySpan<byte> line)
    {
        var words = _splitter.Split(line);
        var verb = words[0];

        if (verb.SequenceEqual("replicate"u8))
        {
            _delivery.Take(WriteLine.Parse(words), from: null);
        }
        else if (verb.SequenceEqual("cluster"u8))
        {
            _state.Members.Cluster = System.Text.Encoding.UTF8.GetString(words.Required(1, "the name"));
            _state.Members.NamedBy = words.Count > 2 ? Address(words) : null;
        }
        else if (verb.SequenceEqual("clock"u8))
        {
            _state.Clock.Raise(Number(words));
        }
        else if (verb.SequenceEqual("applied"u8))
        {
            CountAsApplied(WriteRange.ParseList(words.Required(1, "the ranges")));
        }
        else if (verb.SequenceEqual("losses"u8))
        {
            _state.Lost.Restore(Number(words), Versions(words));
        }
        else
        {
            TakeIn(PeerMessageCodec.Parse(words));
        }
    }

    private void TakeIn(PeerMessage message)
    {
        switch (message)
        {
            case PeerMessage.Joined:
                _state.Members.HasJoined = true;
                break;
            case PeerMessage.Member member:
                _joining.Restore(member);
                break;
            case PeerMessage.Forgotten(var id):
                _forget(id);
                break;
            case PeerMessage.Statement statement:
                _settlement.Restore(statement);
                break;
            case PeerMessage.LostBefore lost:
                _settlement.Learn(lost);
                _delivery.CheckAll();
                break;
            case PeerMessage.Settled settled:
                _settlement.Learn(settled);
                _delivery.CheckAll();
                break;
            case PeerMessage.Copy copy:
                _copy = new ArrivingCopy(copy);
                break;
            case PeerMessage.Copied copied when _copy is not null:
                _copy.Add(copied);
                break;
            case PeerMessage.CopiedAll when _copy is not null:
                _merge.Merge(_copy);
                _delivery.CheckAll();
                _copy = null;
                break;
            default:
                throw ProtocolException.Syntax("this line has no place in a journal");
        }
    }

    private void CountAsApplied(IReadOnlyList<WriteRange> ranges)
    {
        foreach (var range in ranges)
        {
            _state.Applied.Of(range.Origin).AddRange(range);
        }
    }

    /// <summary>The saved state is whole: deletes are remembered in the order of their versions, and what is
    /// applied and not in the log is known.</summary>
    private void CompleteState()
    {
        if (_stateIsWhole)
        {
            return;
        }

        _stateIsWhole = true;

        foreach (var (key, version) in _deleted.OrderBy(deleted => deleted.Version))
        {
            _tombstones.Add(key, version);
        }

        _deleted.Clear();
        _kept.MoveTo(_state.Log, _state.Applied.Ranges(), _state.Now);
    }

    private static ServerAddress Address(Words words) =>
        ServerAddress.TryParse(
            words.Required(3, "the port"), System.Text.Encoding.UTF8.GetString(words[2]), out var address)
            ? address
            : throw ProtocolException.Syntax("not an address");

    private static List<WriteVersion> Versions(Words words)
    {
        List<WriteVersion> versions = [];

        for (int index = 2; index < words.Count; index++)
        {
            versions.Add(WriteVersion.TryParse(words[index], out var version)
                ? version
                : throw ProtocolException.Syntax("not a version; it looks like 5@2"));
        }

        return versions;
    }

    private static long Number(Words words) =>
        Utf8Parser.TryParse(words.Required(1, "the number"), out long number, out _) && number >= 0
            ? number
            : throw ProtocolException.Syntax("not a number");
}
