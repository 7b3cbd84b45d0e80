using CausalStore.Protocol;

namespace CausalStore.Scenarios;

/// <summary>A client of a scenario: where it is, and what it has seen.</summary>
internal sealed class StoryClient(string name, IStage stage)
{
    private readonly List<string> _watched = [];
    private readonly SortedSet<WriteVersion> _seen = [];
    private IStageSession? _session;
    private bool _isArriving;
    private int _pushesTaken;

    public int Server { get; private set; }

    /// <summary>What its next write depends on, as far as it knows itself.</summary>
    public Context Seen => Context.Of([.. _seen]);

    /// <summary>What was pushed and not taken yet.</summary>
    public IReadOnlyList<Response> Pushed => [.. _session!.Pushed.Skip(_pushesTaken)];

    public async Task ConnectAsync(int server, CancellationToken stop)
    {
        Server = server;
        _session = await stage.ConnectAsync(name, server, stop);
        _pushesTaken = 0;
    }

    /// <summary>Goes on at another server, and watches there what it has watched.</summary>
    /// <returns>Why it may not go on there yet.</returns>
    public async Task<Response.Error?> MoveAsync(int server, bool withContext, CancellationToken stop)
    {
        foreach (var push in Pushed)
        {
            Saw(push);
        }

        await _session!.LeaveAsync();
        await ConnectAsync(server, stop);

        if (!withContext)
        {
            _seen.Clear();
        }

        _isArriving = true;
        return await BringContextAsync(stop);
    }

    public async Task<IReadOnlyList<Response>> AskAsync(ClientRequest request, CancellationToken stop)
    {
        if (await BringContextAsync(stop) is { } refused)
        {
            return [refused];
        }

        var reply = await _session!.AskAsync(request.Line, stop);

        if (reply[0] is Response.Error)
        {
            return reply;
        }

        Take(request, reply);
        return reply;
    }

    public void TakePushes()
    {
        foreach (var push in Pushed)
        {
            Saw(push);
        }

        _pushesTaken = _session!.Pushed.Count;
    }

    /// <summary>Before anything else is said at a new server, so that it never goes back in time.</summary>
    private async Task<Response.Error?> BringContextAsync(CancellationToken stop)
    {
        if (!_isArriving)
        {
            return null;
        }

        if (_seen.Count > 0
            && (await _session!.AskAsync($"context {Seen}", stop))[0] is Response.Error error)
        {
            return error;
        }

        _isArriving = false;

        foreach (string line in _watched)
        {
            await _session!.AskAsync(line, stop);
        }

        return null;
    }

    private void Take(ClientRequest request, IReadOnlyList<Response> reply)
    {
        switch (request.Verb)
        {
            case RequestVerb.Watch:
                _watched.Add(request.Line);
                break;
            case RequestVerb.Unwatch:
                _watched.Remove($"watch {request.Line.Split(' ', 2)[1]}");
                break;
            case RequestVerb.Write when reply[0] is Response.Ok({ } version):
                _seen.Clear();
                _seen.Add(version);
                break;
            default:
                foreach (var line in reply)
                {
                    Saw(line);
                }

                break;
        }
    }

    private void Saw(Response line)
    {
        if (line is Response.Value(_, _, var value))
        {
            _seen.Add(value);
        }
        else if (line is Response.Missing(_, { } missing))
        {
            _seen.Add(missing);
        }
        else if (line is Response.Update(_, _, var update))
        {
            _seen.Add(update);
        }
        else if (line is Response.Removed(_, var removed))
        {
            _seen.Add(removed);
        }
    }
}
