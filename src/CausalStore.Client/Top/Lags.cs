using CausalStore.Protocol;

namespace CausalStore.Client.Top;

/// <summary>What one server lacks of another's writes.</summary>
/// <param name="Has">Up to which timestamp it has them.</param>
/// <param name="Newest">The timestamp of the newest one.</param>
/// <param name="For">How long, at least, the oldest that it lacks has been somewhere else.</param>
internal sealed record Lag(ServerId Server, ServerId Origin, long Has, long Newest, TimeSpan For);

/// <summary>
/// Who lacks what, and for how long. Servers are not asked at one moment, so nothing is said of what was
/// first seen in the present round; but for the first one, after which nobody may look.
/// </summary>
internal sealed class Lags
{
    /// <summary>Moments that are remembered of each origin; with more, the ages of what is lacked get
    /// coarser.</summary>
    private const int MomentsMax = 1000;

    private readonly Dictionary<ServerId, List<(TimeSpan At, long Newest)>> _moments = [];
    private bool _isFirst = true;

    /// <summary>Takes what all servers said in one round.</summary>
    /// <param name="now">On a clock that never goes back.</param>
    public IReadOnlyList<Lag> Take(IReadOnlyCollection<ServerReport> reports, TimeSpan now)
    {
        foreach (var origin in reports.SelectMany(report => report.Applied.UpTo.ToArray())
            .GroupBy(version => version.Origin, version => version.Timestamp))
        {
            bool isAnswering = reports.Any(report => report.Id == origin.Key);
            Remember(origin.Key, origin.Max(), now, isAnswering);
        }

        var lags = (from report in reports
                    from origin in _moments.Keys
                    where origin != report.Id
                    let lag = Of(report, origin, now)
                    where lag is not null && (_isFirst || lag.For > TimeSpan.Zero)
                    orderby lag.Server, lag.Origin
                    select lag).ToList();
        _isFirst = false;
        return lags;
    }

    /// <param name="isAnswering">Nobody knows more of an origin's writes than itself.</param>
    private void Remember(ServerId origin, long newest, TimeSpan now, bool isAnswering)
    {
        if (!_moments.TryGetValue(origin, out var moments))
        {
            _moments[origin] = moments = [];
        }

        // It has begun anew, with nothing.
        if (isAnswering && moments.Count > 0 && newest < moments[^1].Newest)
        {
            moments.Clear();
        }

        if (moments.Count == 0 || moments[^1].Newest < newest)
        {
            moments.Add((now, newest));
        }

        if (moments.Count > MomentsMax)
        {
            // The oldest stays, for whoever lacks the oldest.
            moments.RemoveRange(1, MomentsMax / 2);
        }
    }

    private Lag? Of(ServerReport report, ServerId origin, TimeSpan now)
    {
        long has = report.Watermark(origin);
        var moments = _moments[origin];
        int lacks = moments.FindIndex(moment => moment.Newest > has);
        return lacks < 0
            ? null
            : new Lag(report.Id, origin, has, moments[^1].Newest, now - moments[lacks].At);
    }
}
