namespace CausalStore.Protocol;

/// <summary>A set of server ids, <c>-</c> or <c>3,4</c>, rising. Immutable, equal by content.</summary>
public sealed class IdSet : IEquatable<IdSet>
{
    public static readonly IdSet Empty = new([]);

    private readonly ServerId[] _ids;

    private IdSet(ServerId[] ids) => _ids = ids;

    public ReadOnlySpan<ServerId> Ids => _ids;

    public bool IsEmpty => _ids.Length == 0;

    public static IdSet Of(IEnumerable<ServerId> ids) => new([.. ids.Distinct().Order()]);

    /// <exception cref="ProtocolException">The word is not a set of ids.</exception>
    public static IdSet Parse(ReadOnlySpan<byte> word)
    {
        if (word.SequenceEqual("-"u8))
        {
            return Empty;
        }

        List<ServerId> ids = [];

        foreach (var part in word.Split((byte)','))
        {
            ids.Add(ServerId.TryParse(word[part], out var id)
                ? id
                : throw ProtocolException.Syntax("not a set of server ids; it looks like - or 3,4"));
        }

        return Of(ids);
    }

    public bool Contains(ServerId id) => _ids.AsSpan().BinarySearch(id) >= 0;

    public bool Equals(IdSet? other) => other is not null && _ids.AsSpan().SequenceEqual(other._ids);

    public override bool Equals(object? obj) => Equals(obj as IdSet);

    public override int GetHashCode() => _ids.Aggregate(17, (hash, id) => (31 * hash) + id.Value);

    public override string ToString() => IsEmpty ? "-" : string.Join(',', _ids);
}
