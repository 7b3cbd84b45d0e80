namespace CausalStore.Replication;

/// <summary>
/// What was pushed to sessions and not taken by their clients: bounded for each, and for all together.
/// Whoever has most of it goes, and it goes with them.
/// </summary>
/// <param name="bytesMax">For all together.</param>
internal sealed class UnreadPushes(IReadOnlyCollection<Session> sessions, long bytesMax)
{
    private const int SessionBytesMax = 64 << 20;

    /// <summary>At least what is unread: what was taken since a session's last push is noticed when it
    /// counts.</summary>
    public long Bytes { get; private set; }

    /// <summary>Something was pushed to a session.</summary>
    public void Count(Session session)
    {
        Recount(session);

        if (session.CountedBytes > SessionBytesMax)
        {
            CutOff(session, $"more than {SessionBytesMax >> 20} MiB wait for it");
        }

        if (Bytes > bytesMax)
        {
            MakeRoom();
        }
    }

    /// <summary>A session is gone.</summary>
    public void Remove(Session session) => Bytes -= session.CountedBytes;

    /// <summary>An eighth is freed at once: whoever looks at all sessions does not have to look again at the
    /// next push.</summary>
    private void MakeRoom()
    {
        foreach (var session in sessions)
        {
            Recount(session);
        }

        while (Bytes > bytesMax - bytesMax / 8)
        {
            var greatest = sessions.MaxBy(session => session.CountedBytes)!;
            CutOff(
                greatest,
                $"all clients of this server leave more than {bytesMax >> 20} MiB unread, and this one most");
        }
    }

    private void CutOff(Session session, string reason)
    {
        session.CutOffUnread(reason);
        Recount(session);
    }

    private void Recount(Session session)
    {
        Bytes += session.UnreadBytes - session.CountedBytes;
        session.CountedBytes = session.UnreadBytes;
    }
}
