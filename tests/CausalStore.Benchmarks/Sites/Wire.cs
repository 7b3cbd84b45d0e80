using CausalStore.Protocol;
using CausalStore.Replication;

namespace CausalStore.Benchmarks.Sites;

/// <summary>One end of a connection between two sites: what it sends arrives in order.</summary>
internal sealed class WireEnd(Site site)
{
    public Site Site { get; } = site;

    public WireEnd Other { get; set; } = null!;

    /// <summary>Null at the end that was dialled, before the first line has come.</summary>
    public Link? Link { get; set; }

    public TimeSpan LastArrival { get; set; }

    public bool IsClosed { get; set; }
}

/// <summary>Carries lines between sites, as late as their distance has it.</summary>
internal sealed class Wire(SitesOptions options, Timeline timeline, Random random)
{
    private readonly List<Site> _sites = [];

    public IReadOnlyList<Site> Sites => _sites;

    public void Add(Site site) => _sites.Add(site);

    public void Dial(Site from, ServerAddress address)
    {
        var to = _sites[address.Port - Site.FirstPort];
        WireEnd dialler = new(from);
        dialler.Other = new WireEnd(to) { Other = dialler };
        timeline.After(2 * Regions.OneWay(from.Number, to.Number), () => from.Turn(replica =>
        {
            dialler.Link = replica.OpenLink(address, from.Address.Host, to.Address.Host);
            dialler.Link.Owner = dialler;
        }));
    }

    /// <summary>Sends all that a link has, as one batch, and closes it where it is to be closed.</summary>
    public void Send(Link link)
    {
        if (link.Owner is not WireEnd { IsClosed: false } end)
        {
            return;
        }

        if (!link.Output.IsEmpty)
        {
            SendBatch(end, link);
        }

        if (link.IsClosing)
        {
            timeline.After(TimeSpan.Zero, () => Close(end));
            timeline.At(end.LastArrival, () => Close(end.Other));
        }
    }

    private void SendBatch(WireEnd end, Link link)
    {
        byte[] batch = link.Output.Written.ToArray();
        link.Output.Clear();
        var latency = Regions.OneWay(end.Site.Number, end.Other.Site.Number);
        var jitter = latency * (random.NextDouble() * options.JitterPercent / 100);
        var arrival = timeline.Now + latency + jitter;

        if (random.Next(1000) < options.LossPerMille)
        {
            arrival += 2 * latency;
        }

        end.LastArrival = arrival > end.LastArrival ? arrival : end.LastArrival;
        timeline.At(end.LastArrival, () => Deliver(end.Other, batch));
    }

    private static void Close(WireEnd end)
    {
        if (end is { IsClosed: false, Link: { } link })
        {
            end.IsClosed = true;
            end.Site.Turn(replica => replica.CloseLink(link));
        }
    }

    private static void Deliver(WireEnd end, byte[] batch) => end.Site.Turn(replica =>
    {
        if (end.Link is null)
        {
            end.Link = replica.OpenLink(null, end.Site.Address.Host, end.Other.Site.Address.Host);
            end.Link.Owner = end;
        }

        ReadOnlySpan<byte> rest = batch;

        while (!rest.IsEmpty && !end.IsClosed && !end.Link.IsClosing)
        {
            int length = rest.IndexOf((byte)'\n');
            replica.Receive(end.Link, rest[..length]);
            rest = rest[(length + 1)..];
        }
    });
}
