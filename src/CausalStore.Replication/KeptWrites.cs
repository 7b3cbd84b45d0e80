using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>
/// The writes that a journal still has from before the state was saved: they go into the log, for servers
/// that lack them, and what the log lacks is found out.
/// </summary>
internal sealed class KeptWrites
{
    private readonly record struct Kept(WriteVersion Version, long Previous, int Start, int End);

    private readonly OutputBuffer _lines = new();
    private readonly List<Kept> _writes = [];
    private bool _isInOrder = true;

    /// <summary>Keeps a write that is applied.</summary>
    /// <param name="line">The write as the journal has it: in its one canonical form, without its LF.</param>
    public void Add(WriteLine write, ReadOnlySpan<byte> line)
    {
        int start = _lines.Length;
        _lines.Append(line).EndLine();
        _isInOrder &= _writes.Count == 0 || _writes[^1].Version < write.Version;
        _writes.Add(new Kept(write.Version, write.Previous, start, _lines.Length));
    }

    /// <summary>Gives them to the log, and forgets them.</summary>
    /// <param name="applied">All that is applied.</param>
    public void MoveTo(WriteLog log, IEnumerable<WriteRange> applied, TimeSpan now)
    {
        // They came in any order; in the log, as in that of versions, causes stand before their effects.
        if (!_isInOrder)
        {
            _writes.Sort((left, right) => left.Version.CompareTo(right.Version));
        }

        // A write that is applied and not in the log is the PREVIOUS of one that is, or is the last of those
        // that are applied in a row: so these are all that have to be looked at.
        Dictionary<ServerId, long> last = [];
        HashSet<WriteVersion> ends = [.. applied.Select(range => new WriteVersion(range.UpTo, range.Origin))];

        foreach (var write in _writes)
        {
            var (timestamp, origin) = write.Version;

            if (write.Previous > last.GetValueOrDefault(origin))
            {
                log.Reaches(origin, write.Previous);
            }

            last[origin] = timestamp;
            ends.Remove(write.Version);
            log.Append(write.Version, _lines.Written[write.Start..write.End], now);
        }

        foreach (var end in ends)
        {
            log.Reaches(end.Origin, end.Timestamp);
        }

        _writes.Clear();
        _writes.TrimExcess();
        _lines.Clear();
        _isInOrder = true;
    }
}
