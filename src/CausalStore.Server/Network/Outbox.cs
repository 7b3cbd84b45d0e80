using CausalStore.Replication;

namespace CausalStore.Server.Network;

/// <summary>
/// Keeps the promise of <see cref="Effects"/>: what a turn appended to an output leaves when the turn's batch
/// of the journal is durable, with one send for each socket.
/// </summary>
internal sealed class Outbox
{
    private readonly List<Connection> _touched = [];
    private readonly List<Connection> _waiting = [];

    /// <summary>Connections that the last <see cref="Release"/> has tried to send to.</summary>
    public List<Connection> Served { get; } = [];

    /// <summary>Whether the last <see cref="Release"/> has sent anything to another server: there is room for
    /// more of what it lacks.</summary>
    public bool HasSentToServers { get; private set; }

    /// <summary>The turn has changed its output, or what is to become of it, without the replica's saying
    /// so.</summary>
    public void Touch(Connection connection) => _touched.Add(connection);

    /// <summary>The turn is over: what it appended leaves when that batch is durable.</summary>
    /// <param name="durable">The last durable batch of the journal.</param>
    public void Seal(Effects effects, long batch, long durable)
    {
        foreach (var session in effects.Sessions)
        {
            Seal(session.Owner, batch, durable);
        }

        foreach (var link in effects.Links)
        {
            Seal(link.Owner, batch, durable);
        }

        foreach (var connection in _touched)
        {
            Seal(connection, batch, durable);
        }

        _touched.Clear();
    }

    /// <summary>Takes in one whose socket has room again, or that ends.</summary>
    public void Add(Connection connection)
    {
        if (!connection.IsInOutbox)
        {
            connection.IsInOutbox = true;
            _waiting.Add(connection);
        }
    }

    /// <summary>Sends everything that may leave.</summary>
    /// <param name="durable">The last durable batch of the journal.</param>
    public void Release(long durable)
    {
        Served.Clear();
        HasSentToServers = false;
        int kept = 0;

        for (int index = 0; index < _waiting.Count; index++)
        {
            var connection = _waiting[index];
            connection.IsInOutbox = false;

            if (connection.IsClosed)
            {
                continue;
            }

            int sent = connection.Send(durable);
            HasSentToServers |= sent > 0 && connection.Link is not null;
            Served.Add(connection);

            if (connection.WaitsForJournal)
            {
                connection.IsInOutbox = true;
                _waiting[kept++] = connection;
            }
        }

        _waiting.RemoveRange(kept, _waiting.Count - kept);
    }

    private void Seal(object? owner, long batch, long durable)
    {
        if (owner is Connection { IsClosed: false } connection)
        {
            connection.Seal(batch, durable);
            Add(connection);
        }
    }
}
