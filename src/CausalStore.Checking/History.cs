namespace CausalStore.Checking;

/// <summary>What the sessions of one run did and saw, starting with an empty store.</summary>
/// <example><code>
/// var history = new History();
/// history.Session("alice").Wrote("x", "lost").Wrote("y", "found");
/// history.Session("carol").Read("z", "glad").Read("y", null);
/// </code></example>
public sealed class History
{
    private readonly Dictionary<string, SessionHistory> _byName = [];
    private readonly List<SessionHistory> _sessions = [];

    public IReadOnlyList<SessionHistory> Sessions => _sessions;

    /// <summary>The session of this name, begun if it is new.</summary>
    public SessionHistory Session(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);

        if (!_byName.TryGetValue(name, out var session))
        {
            session = new SessionHistory(name);
            _byName.Add(name, session);
            _sessions.Add(session);
        }

        return session;
    }
}
