using System.Text;
using CausalStore.Replication;

namespace CausalStore.Benchmarks.Sites;

/// <summary>
/// A cluster of real replicas over the distances of a cloud, in one thread and from one seed: the same
/// options give the same figures, on any machine.
/// </summary>
internal sealed class SiteWorld
{
    private static readonly TimeSpan JoinsWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(3);

    private readonly SitesOptions _options;
    private readonly Timeline _timeline = new();
    private readonly SiteFigures _figures = new();
    private readonly Random _random;
    private readonly Wire _wire;
    private bool _isOver;
    private long _values;

    private SiteWorld(SitesOptions options)
    {
        _options = options;
        _random = new Random(options.Seed);
        _wire = new Wire(options, _timeline, _random);
    }

    public static SiteFigures Run(SitesOptions options)
    {
        SiteWorld world = new(options);
        world.Found();
        world.Live();
        world.Demand();
        world._figures.Close();
        return world._figures;
    }

    /// <summary>One after the other joins, so that all are members before anything is measured.</summary>
    private void Found()
    {
        for (int number = 0; number < _options.Sites; number++)
        {
            Site site = new(number, _options.Consistency, _timeline, _wire, _figures);
            _wire.Add(site);
            var late = _timeline.Now + JoinsWithin;

            while (!site.IsServing)
            {
                _timeline.RunFor(TimeSpan.FromMilliseconds(100));

                if (_timeline.Now > late)
                {
                    throw new InvalidOperationException($"{site} does not join: {site.Status("waiting")}");
                }
            }
        }
    }

    private void Live()
    {
        foreach (var site in _wire.Sites)
        {
            for (int session = 0; session < _options.Sessions; session++)
            {
                Think(site, site.OpenSession());
            }
        }

        _timeline.RunFor(WarmUp);
        _figures.IsMeasuring = true;
        _timeline.RunFor(_options.Duration);
        _figures.IsMeasuring = false;
        _timeline.RunFor(WarmUp);
        _isOver = true;
        _timeline.RunFor(Drain);
    }

    /// <summary>A world in which a write got lost, or waits for ever, has no figures.</summary>
    private void Demand()
    {
        int expected = _figures.Needs.Count * (_options.Sites - 1);

        if (_figures.Visible.Count != expected || _wire.Sites.Any(site => site.Status("delayed") != "0"))
        {
            throw new InvalidOperationException(
                $"{_figures.Visible.Count} of {expected} writes are visible at the end");
        }
    }

    private void Think(Site site, Session session)
    {
        var pause = _options.Think * -Math.Log(1 - _random.NextDouble());
        _timeline.After(pause, () =>
        {
            if (!_isOver)
            {
                Ask(site, session);
                Think(site, session);
            }
        });
    }

    private void Ask(Site site, Session session)
    {
        // Few keys get most requests: the square of a fraction is small more often than not.
        int key = (int)(Math.Pow(_random.NextDouble(), 2) * _options.Keys);
        string request = _random.Next(100) < _options.ReadPercent
            ? $"read key:{key:D12}"
            : $"write key:{key:D12} {++_values:D16}";
        site.Request(session, Encoding.ASCII.GetBytes(request));
    }
}
