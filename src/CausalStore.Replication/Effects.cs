using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>What the world must now do; filled by the steps of <see cref="Replica"/>.</summary>
/// <remarks>
/// The order is a promise: what is in <see cref="ToJournal"/> is durable BEFORE anything that was appended in
/// the same turn to a <see cref="Link.Output"/> or a <see cref="Session.Output"/> leaves.
/// </remarks>
public sealed class Effects
{
    /// <summary>Lines that must survive: writes taken in and changes of membership, in the words of the
    /// protocol.</summary>
    public OutputBuffer ToJournal { get; } = new();

    /// <summary>Links whose <see cref="Link.Output"/> or <see cref="Link.IsClosing"/> has changed, each
    /// once.</summary>
    public List<Link> Links { get; } = [];

    /// <summary>Sessions whose <see cref="Session.Output"/>, <see cref="Session.IsBlocked"/> or
    /// <see cref="Session.IsClosing"/> has changed, each once.</summary>
    public List<Session> Sessions { get; } = [];

    /// <summary>Where to connect to now, once for each time it stands here: answer with
    /// <see cref="Replica.OpenLink"/> or <see cref="Replica.DialFailed"/>.</summary>
    public List<ServerAddress> Dials { get; } = [];

    /// <summary>What happened, for people.</summary>
    public List<Notice> Notices { get; } = [];

    /// <summary>Whether anybody keeps <see cref="ToJournal"/>.</summary>
    public bool Journaling { get; init; }

    /// <summary>Whether anybody reads the <see cref="Notice"/>s of single reads and writes.</summary>
    public bool Narrating { get; init; }

    /// <summary>Whether anybody reads the <see cref="Notice"/>s of single messages and pushes.</summary>
    public bool Tracing
    {
        get => field || Tracers.Count > 0;
        init;
    }

    /// <summary>Sessions that want to be told of them (<c>trace</c>).</summary>
    public List<Session> Tracers { get; } = [];

    /// <summary>Set when this server must end with exit code 1: why, and what to do.</summary>
    public string? Exit { get; internal set; }

    /// <summary>Forgets what has been carried out, at the end of a turn. What stands in the outputs of links
    /// and sessions stays until it is consumed.</summary>
    public void Clear()
    {
        foreach (var link in Links)
        {
            link.IsTouched = false;
        }

        foreach (var session in Sessions)
        {
            session.IsTouched = false;
        }

        Links.Clear();
        Sessions.Clear();
        Dials.Clear();
        Notices.Clear();
        ToJournal.Clear();
    }

    internal void Touch(Link link)
    {
        if (!link.IsTouched)
        {
            link.IsTouched = true;
            Links.Add(link);
        }
    }

    internal void Touch(Session session)
    {
        if (!session.IsTouched)
        {
            session.IsTouched = true;
            Sessions.Add(session);
        }
    }
}
