using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using CausalStore.Client.Timeline;
using CausalStore.Protocol;

namespace CausalStore.Client.Live;

/// <summary>
/// A cluster that is looked at while it runs: the servers that were named and those that they know, what all
/// of them tell, and all of it as one text for the page, made anew when something has happened.
/// </summary>
internal sealed class LiveCluster
{
    /// <summary>Events of servers that the page shows; of more, the oldest go.</summary>
    public const int EventsMax = 4000;

    /// <summary>A page is told no more often, and at most a fifth of the time goes into telling.</summary>
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(100);
    private const int PauseOfWork = 4;

    private readonly TimeProvider _time;
    private readonly LiveTraces _traces;
    private readonly Lock _gate = new();
    private readonly List<ServerFeed> _feeds = [];
    private readonly List<Task> _running = [];
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public LiveCluster(IEnumerable<ServerAddress> named, TimeProvider time, int eventsMax = EventsMax)
    {
        _time = time;
        _traces = new LiveTraces(eventsMax);
        _feeds.AddRange(named.Distinct().Select(address => NewFeed(address, id: null)));
    }

    /// <summary>What the page shows, as JSON.</summary>
    public Latest State { get; } = new();

    public async Task RunAsync(CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);

        try
        {
            _running.AddRange(_feeds.Select(feed => feed.RunAsync(ended.Token)));
            Changed();

            await foreach (var _ in _changed.Reader.ReadAllAsync(stop))
            {
                Discover(ended.Token);
                long began = _time.GetTimestamp();
                State.Set(Json());
                var pause = _time.GetElapsedTime(began) * PauseOfWork;
                await Task.Delay(pause > PauseMin ? pause : PauseMin, _time, stop);
            }
        }
        finally
        {
            await ended.CancelAsync();
            await EndAsync();
        }
    }

    /// <summary>Disturbs a link, or heals it; returns why that is refused, null: it is not.</summary>
    public Task<string?> DisturbAsync(ServerId from, RequestLine link, CancellationToken stop) =>
        Feeds().FirstOrDefault(feed => feed.Id == from) is { } feed
            ? feed.AskAsync(link, stop)
            : Task.FromResult<string?>($"Server {from} is not known here");

    private async Task EndAsync()
    {
        try
        {
            await Task.WhenAll(_running);
        }
        catch (OperationCanceledException)
        {
            // That is how they end.
        }
    }

    private ServerFeed NewFeed(ServerAddress address, ServerId? id) =>
        new(address, _traces, _time, Changed, IsWanted) { Id = id };

    private void Changed() => _changed.Writer.TryWrite(true);

    /// <summary>A server that listens at two addresses tells it once.</summary>
    private bool IsWanted(ServerFeed feed, ServerId id)
    {
        lock (_gate)
        {
            if (_feeds.Exists(other => other != feed && other.Id == id && other.IsTaken))
            {
                _feeds.Remove(feed);
                return false;
            }

            _feeds.RemoveAll(other => other != feed && other.Id == id);
            feed.Id = id;
            feed.IsTaken = true;
            return true;
        }
    }

    private List<ServerFeed> Feeds()
    {
        lock (_gate)
        {
            return [.. _feeds.OrderBy(feed => feed.Id is null).ThenBy(feed => feed.Id)];
        }
    }

    private void Discover(CancellationToken stop)
    {
        var members = Feeds().Select(feed => feed.Report).OfType<Top.ServerReport>()
            .SelectMany(report => report.Members);

        foreach (var member in members)
        {
            lock (_gate)
            {
                if (member.Address is { } address
                    && !_feeds.Exists(feed => feed.Id == member.Id || feed.Address == address))
                {
                    ServerFeed feed = NewFeed(address, member.Id);
                    _feeds.Add(feed);
                    _running.Add(feed.RunAsync(stop));
                }
            }
        }
    }

    private string Json()
    {
        var feeds = Feeds();
        var (lines, dropped) = _traces.Now();
        JsonArray servers = [.. feeds.Select(feed => ServerJson(feed, feeds))];
        var run = lines.Count == 0 ? Run.Empty : RunBuilder.Build([lines, .. ToldClients.Of(lines)]);
        string json = HtmlPage.Json(run);
        return $$"""{"servers":{{servers.ToJsonString()}},"dropped":{{dropped}},"run":{{json}}}""";
    }

    private static JsonNode ServerJson(ServerFeed feed, List<ServerFeed> all)
    {
        var others = all.Select(other => other.Id).OfType<ServerId>()
            .Where(other => feed.Id is { } own && own != other);
        return JsonSerializer.SerializeToNode(new
        {
            id = feed.Id?.Value,
            name = feed.Id is { } id ? $"server {id}" : $"{feed.Address}",
            address = $"{feed.Address}",
            isUp = feed.IsUp,
            failure = feed.Failure,
            links = others.Select(other => LinkJson(other, feed.Report?.Faults.GetValueOrDefault(other))),
        })!;
    }

    private static object LinkJson(ServerId to, string? fault) => new
    {
        to = to.Value,
        state = fault is null ? "open" : fault == "cut" ? "cut" : "delay",
        text = fault ?? "",
    };
}
