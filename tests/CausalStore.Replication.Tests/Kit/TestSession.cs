using System.Text;

namespace CausalStore.Replication.Tests.Kit;

/// <summary>A client of a <see cref="TestServer"/>.</summary>
internal sealed class TestSession(TestServer server)
{
    public Session Session { get; } = server.Replica.OpenSession();

    /// <summary>Sends a line and takes what has come back so far.</summary>
    public string[] Ask(string line)
    {
        Assert.False(Session.IsBlocked || Session.IsClosing, "the owner of a session hands in nothing now");
        server.Turn(() => server.Replica.Receive(Session, Encoding.UTF8.GetBytes(line)));
        return Heard();
    }

    /// <summary>The one line that answers.</summary>
    public string Say(string line)
    {
        string[] answer = Ask(line);
        return answer.Length == 1
            ? answer[0]
            : throw new InvalidOperationException($"not one answer to {line}: {string.Join(" | ", answer)}");
    }

    public string[] Heard() => TestServer.TakeLines(Session.Output);

    public void Leave() => server.Turn(() => server.Replica.CloseSession(Session));
}
