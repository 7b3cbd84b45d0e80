using System.Globalization;
using System.Text;
using CausalStore.Protocol;
using CausalStore.Replication;

namespace CausalStore.Simulation;

/// <summary>What a server answers to those who judge it.</summary>
internal static class Answers
{
    /// <summary>A session that only its owner reads.</summary>
    public static Session OpenSession(this SimulatedServer server)
    {
        var session = server.Replica.OpenSession();
        session.Owner = server.Replica;
        return session;
    }

    /// <summary>Asks on a session that nobody else sees, and throws it away: its reading changes
    /// nothing.</summary>
    public static IReadOnlyList<Response> Probe(this SimulatedServer server, string request)
    {
        var session = server.Replica.OpenSession();
        var responses = server.Ask(session, request);
        server.Replica.CloseSession(session);
        return responses;
    }

    /// <summary>A request and its reply, at once.</summary>
    public static IReadOnlyList<Response> Ask(
        this SimulatedServer server, Session session, string request)
    {
        server.Replica.Receive(session, Encoding.UTF8.GetBytes(request));
        return server.World.Parse(session.Output);
    }

    /// <summary>What <c>status</c> says under that name.</summary>
    public static string Status(this SimulatedServer server, string name)
    {
        foreach (var response in server.Probe("status"))
        {
            if (response is Response.Text(string line)
                && line.StartsWith(name + " ", StringComparison.Ordinal))
            {
                return line[(name.Length + 1)..];
            }
        }

        throw new BrokenPromiseException(
            Promises.CleanAnswers, $"server {server.Id}: 'status' does not say its {name}");
    }

    /// <summary>What stands in its delay queue.</summary>
    public static HashSet<WriteVersion> Pending(this SimulatedServer server) =>
    [
        .. server.Probe("pending").OfType<Response.Text>().Select(text =>
            WriteVersion.TryParse(Encoding.UTF8.GetBytes(text.Line.Split(' ')[1]), out var version)
                ? version
                : throw new BrokenPromiseException(
                    Promises.CleanAnswers, $"not a delayed write: {text.Line}")),
    ];

    /// <summary>The members that it knows, itself among them.</summary>
    public static IEnumerable<ServerId> Members(this SimulatedServer server) => server
        .Probe("members").OfType<Response.Text>()
        .Select(text => text.Line.Split(' '))
        .Where(words => words[0] == "member")
        .Select(words => new ServerId(ushort.Parse(words[1], CultureInfo.InvariantCulture)));
}
