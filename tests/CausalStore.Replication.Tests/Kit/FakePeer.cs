using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Replication.Tests.Kit;

/// <summary>Another server, played by hand.</summary>
internal sealed class FakePeer
{
    private readonly TestServer _server;

    public FakePeer(TestServer server, ServerAddress? dialled, string hello)
    {
        _server = server;
        server.Turn(() => Link = server.Replica.OpenLink(dialled, "127.0.0.1", "127.0.0.1"));
        Say(hello);
    }

    public Link Link { get; private set; } = null!;

    public bool IsClosed => Link.IsClosing;

    /// <summary>Says lines, each in a turn of its own; a connection that closes takes nothing more.</summary>
    public void Say(params string[] lines)
    {
        foreach (string line in lines)
        {
            if (!IsClosed)
            {
                _server.Turn(() => _server.Replica.Receive(Link, Encoding.UTF8.GetBytes(line)));
            }
        }
    }

    public string[] Heard() => TestServer.TakeLines(Link.Output);

    /// <summary>What was heard, without the <c>have</c>s that come with time.</summary>
    public string[] HeardButHave() =>
        [.. Heard().Where(line => !line.StartsWith("have ", StringComparison.Ordinal))];

    /// <summary>The writes that were heard.</summary>
    public string[] HeardWrites() =>
        [.. Heard().Where(line => line.StartsWith("replicate ", StringComparison.Ordinal))];

    public void Leave() => _server.Turn(() => _server.Replica.CloseLink(Link));
}
