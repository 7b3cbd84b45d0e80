using CausalStore.Protocol;
using CausalStore.Replication;

namespace CausalStore.Scenarios.Virtual;

/// <summary>Connections between servers, on which every line takes the same time.</summary>
internal sealed class VirtualNetwork(VirtualClock clock, Func<ServerAddress, VirtualServer?> listeningAt)
{
    public const string Host = "127.0.0.1";

    /// <summary>Sites that are not far from each other.</summary>
    public static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(20);

    private readonly List<Cable> _cables = [];

    /// <summary>One end of a connection.</summary>
    private sealed class End(Cable cable, VirtualServer server)
    {
        public Cable Cable { get; } = cable;

        public VirtualServer Server { get; } = server;

        /// <summary>Null: before the first line has come, or when it is closed.</summary>
        public Link? Link { get; set; }

        public End Other => this == Cable.Dialler ? Cable.Listener : Cable.Dialler;
    }

    private sealed class Cable
    {
        public Cable(VirtualServer dialler, VirtualServer listener)
        {
            Dialler = new End(this, dialler);
            Listener = new End(this, listener);
        }

        public End Dialler { get; }

        public End Listener { get; }

        public bool IsBroken { get; set; }
    }

    public void Dial(VirtualServer dialler, ServerAddress address) => clock.After(Latency, () =>
    {
        if (listeningAt(address) is not { } listener)
        {
            dialler.Turn(replica => replica.DialFailed(address, "nobody listens there"));
            return;
        }

        Cable cable = new(dialler, listener);
        _cables.Add(cable);
        dialler.Turn(replica => Open(cable.Dialler, replica.OpenLink(address, Host, Host)));
    });

    /// <summary>Takes what a link has to say.</summary>
    public void Send(Link link)
    {
        if (link.Owner is not End end)
        {
            return;
        }

        foreach (byte[] line in TakeLines(link.Output))
        {
            clock.After(Latency, () => Arrive(end.Other, line));
        }

        if (link.IsClosing)
        {
            Break(end.Cable);
        }
    }

    /// <summary>A server is gone, with all its connections.</summary>
    public void Lose(VirtualServer server)
    {
        foreach (var cable in _cables.Where(
            cable => cable.Dialler.Server == server || cable.Listener.Server == server).ToList())
        {
            Break(cable);
        }
    }

    private static void Arrive(End end, byte[] line) => end.Server.Turn(replica =>
    {
        if (end.Link is null && !end.Cable.IsBroken)
        {
            Open(end, replica.OpenLink(dialled: null, Host, Host));
        }

        if (end.Link is { IsClosing: false } link)
        {
            replica.Receive(link, line);
        }
    });

    private static void Open(End end, Link link)
    {
        end.Link = link;
        link.Owner = end;
    }

    /// <summary>What is on its way arrives before the end does.</summary>
    private void Break(Cable cable)
    {
        if (!_cables.Remove(cable))
        {
            return;
        }

        clock.After(Latency, () =>
        {
            cable.IsBroken = true;

            foreach (var end in new[] { cable.Dialler, cable.Listener })
            {
                if (end.Link is { } link)
                {
                    end.Link = null;
                    end.Server.Turn(replica => replica.CloseLink(link));
                }
            }
        });
    }

    private static List<byte[]> TakeLines(OutputBuffer output)
    {
        List<byte[]> lines = [];

        while (!output.IsEmpty)
        {
            int length = output.Written.IndexOf((byte)'\n');
            lines.Add(output.Written[..length].ToArray());
            output.Consume(length + 1);
        }

        return lines;
    }
}
