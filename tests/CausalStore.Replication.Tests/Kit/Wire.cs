using CausalStore.Protocol;

namespace CausalStore.Replication.Tests.Kit;

/// <summary>
/// A network of real replicas: resolves what they dial by address and carries lines between them, in the
/// order in which they were sent. One clock, no chance: the same steps give the same run.
/// </summary>
internal sealed class Wire
{
    private readonly List<TestServer> _servers = [];
    private readonly List<Cable> _cables = [];
    private readonly HashSet<(TestServer, TestServer)> _apart = [];
    private TimeSpan _now;

    /// <summary>One connection: an end at each server, and what is on its way to either.</summary>
    private sealed class Cable(TestServer dialler, Link dialled, TestServer listener)
    {
        public TestServer Dialler { get; } = dialler;

        public TestServer Listener { get; } = listener;

        public Link Dialled { get; } = dialled;

        /// <summary>Null before the first line has come.</summary>
        public Link? Accepted { get; set; }

        public Queue<string> ToListener { get; } = [];

        public Queue<string> ToDialler { get; } = [];

        public bool IsBetween(TestServer one, TestServer other) =>
            (Dialler == one && Listener == other) || (Dialler == other && Listener == one);
    }

    public IReadOnlyList<TestServer> Servers => _servers;

    /// <summary>Starts a server that names others by their ids: server N listens at 127.0.0.1, port 60000 +
    /// N.</summary>
    public TestServer Start(
        int id, int[] peers, string? instance = null, Func<ReplicaOptions, ReplicaOptions>? with = null)
    {
        ReplicaOptions options = new()
        {
            Id = new ServerId((ushort)id),
            Instance = instance ?? $"I{id}",
            Port = 60000 + id,
            AllowFaults = true,
            Peers = [.. peers.Select(peer => new ServerAddress("127.0.0.1", 60000 + peer))],
        };

        TestServer server = new(with?.Invoke(options) ?? options);
        _servers.Add(server);
        Catch(server);
        Deliver();
        return server;
    }

    /// <summary>The server's process ends, and another one begins on its disk.</summary>
    public TestServer Restart(TestServer server)
    {
        Kill(server);
        var restarted = server.Restart();
        _servers.Add(restarted);
        Catch(restarted);
        Deliver();
        return restarted;
    }

    /// <summary>The server is gone, at once, with all that it knew.</summary>
    public void Kill(TestServer server)
    {
        var ends = _cables.Where(cable => cable.Dialler == server || cable.Listener == server);

        foreach (var cable in ends.ToList())
        {
            Break(cable);
        }

        _servers.Remove(server);
    }

    /// <summary>Two servers can no longer reach each other; what was on its way is lost.</summary>
    public void Part(TestServer one, TestServer other)
    {
        _apart.Add((one, other));
        _apart.Add((other, one));

        foreach (var cable in _cables.Where(cable => cable.IsBetween(one, other)).ToList())
        {
            Break(cable);
        }
    }

    public void PartFromAll(TestServer server)
    {
        foreach (var other in _servers.Where(other => other != server))
        {
            Part(server, other);
        }
    }

    public void Heal() => _apart.Clear();

    /// <summary>Lets time pass, and everything happen that is due.</summary>
    public void Run(double seconds)
    {
        var end = _now + TimeSpan.FromSeconds(seconds);
        Deliver();

        while (_now < end)
        {
            var wake = _servers.Select(server => server.Replica.NextWake).Append(end).Min();
            _now = wake > _now ? wake : _now + TimeSpan.FromMilliseconds(1);

            foreach (var server in _servers.ToList())
            {
                Catch(server);
                server.Turn(() => { });
            }

            Deliver();
        }
    }

    /// <summary>Carries lines until none is on its way.</summary>
    public void Deliver()
    {
        while (Dial() | Pump())
        {
        }
    }

    private void Catch(TestServer server) => server.Now = _now;

    private bool Dial()
    {
        bool any = false;

        foreach (var server in _servers.ToList())
        {
            foreach (var address in server.Dials.ToList())
            {
                any = true;
                Dial(server, address);
            }

            server.Dials.Clear();
        }

        return any;
    }

    private void Dial(TestServer server, ServerAddress address)
    {
        Catch(server);
        var listener = _servers.Find(other => other.Options.Port == address.Port);

        if (listener is null || _apart.Contains((server, listener)))
        {
            server.Turn(() => server.Replica.DialFailed(address, "nobody answers"));
            return;
        }

        server.Turn(() => _cables.Add(
            new Cable(server, server.Replica.OpenLink(address, "127.0.0.1", "127.0.0.1"), listener)));
    }

    private bool Pump()
    {
        bool any = false;

        foreach (var cable in _cables.ToList())
        {
            any |= Collect(cable);
            any |= HandIn(cable);
        }

        return any;
    }

    private static bool Collect(Cable cable)
    {
        int before = cable.ToListener.Count + cable.ToDialler.Count;

        foreach (string line in TestServer.TakeLines(cable.Dialled.Output))
        {
            cable.ToListener.Enqueue(line);
        }

        if (cable.Accepted is { } accepted)
        {
            foreach (string line in TestServer.TakeLines(accepted.Output))
            {
                cable.ToDialler.Enqueue(line);
            }
        }

        return cable.ToListener.Count + cable.ToDialler.Count > before;
    }

    private bool HandIn(Cable cable)
    {
        bool any = false;

        if (cable.ToListener.TryDequeue(out string? toListener))
        {
            any = true;
            var listener = cable.Listener;
            Catch(listener);
            listener.Turn(() =>
            {
                cable.Accepted ??= listener.Replica.OpenLink(null, "127.0.0.1", "127.0.0.1");
                HandIn(listener, cable.Accepted, toListener);
            });
        }

        if (cable.ToDialler.TryDequeue(out string? toDialler))
        {
            any = true;
            Catch(cable.Dialler);
            cable.Dialler.Turn(() => HandIn(cable.Dialler, cable.Dialled, toDialler));
        }

        bool isClosing = cable.Dialled.IsClosing || cable.Accepted is { IsClosing: true };

        if (isClosing && !Collect(cable) && cable.ToListener.Count + cable.ToDialler.Count == 0)
        {
            any = true;
            Break(cable);
        }

        return any;
    }

    private static void HandIn(TestServer server, Link link, string line)
    {
        if (!link.IsClosing)
        {
            server.Replica.Receive(link, System.Text.Encoding.UTF8.GetBytes(line));
        }
    }

    private void Break(Cable cable)
    {
        if (!_cables.Remove(cable))
        {
            return;
        }

        Catch(cable.Dialler);
        cable.Dialler.Turn(() => cable.Dialler.Replica.CloseLink(cable.Dialled));

        if (cable.Accepted is { } accepted)
        {
            Catch(cable.Listener);
            cable.Listener.Turn(() => cable.Listener.Replica.CloseLink(accepted));
        }
    }
}
