using System.Text;
using CausalStore.Protocol;
using CausalStore.Replication;
using CausalStore.Tracing;

namespace CausalStore.Scenarios.Virtual;

/// <summary>A client's connection to a <see cref="VirtualServer"/>: one request at a time, as a person
/// types.</summary>
internal sealed class VirtualSession : IStageSession
{
    /// <summary>A client stands beside its server.</summary>
    public static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(1);

    private readonly VirtualServer _server;
    private readonly VirtualClock _clock;
    private readonly VirtualTrace _trace;
    private readonly Lines _arriving = new();
    private readonly List<Response> _pushed = [];
    private readonly List<Response> _reply = [];
    private Session? _session;
    private List<Sight>? _lastShown;

    public VirtualSession(VirtualServer server, VirtualClock clock, VirtualTrace trace)
    {
        _server = server;
        _clock = clock;
        _trace = trace;
        server.Turn(replica =>
        {
            _session = replica.OpenSession();
            _session.Owner = this;
        });
    }

    public IReadOnlyList<Response> Pushed => _pushed;

    public Task<IReadOnlyList<Response>> AskAsync(string request, CancellationToken stop)
    {
        // A write stands where it was asked for, all else where it is seen.
        bool isWrite = request.StartsWith("write ", StringComparison.Ordinal)
            || request.StartsWith("delete ", StringComparison.Ordinal);
        var (sequence, time) = (isWrite ? _trace.NextSequence() : 0, _trace.Now);
        _reply.Clear();
        byte[] line = Encoding.UTF8.GetBytes(request);
        _clock.After(Latency, () => _server.Turn(replica => replica.Receive(_session!, line)));

        while (!IsWhole(request))
        {
            stop.ThrowIfCancellationRequested();
            _clock.Next();
        }

        Trace(request, sequence, time);
        return Task.FromResult<IReadOnlyList<Response>>([.. _reply]);
    }

    public Task LeaveAsync()
    {
        _server.Turn(replica => replica.CloseSession(_session!));
        return Task.CompletedTask;
    }

    /// <summary>The server has something to say.</summary>
    public void Send()
    {
        Lines lines = new();
        lines.Take(_session!.Output);

        foreach (var response in lines.Taken)
        {
            _clock.After(Latency, () => Hear(response));
        }
    }

    private void Hear(Response response)
    {
        if (response is Response.Update or Response.Removed)
        {
            _pushed.Add(response);
            _trace.Add(new TraceEvent.WasPushed(SightOf(response)));
        }
        else
        {
            _reply.Add(response);
        }
    }

    private bool IsWhole(string request) => _reply.Count > 0 && (_reply[0] is Response.Error
        || (request.Split(' ')[0] switch
        {
            "read" => _reply.Count == ClientRequest.Parse(request).Keys.Count,
            "scan" => _reply[^1] is Response.End,
            _ => true,
        }));

    private void Trace(string request, long sequence, DateTime time)
    {
        switch (_reply[0])
        {
            case Response.Welcome(var server, _):
                _trace.Add(new TraceEvent.Connected(server));
                break;
            case Response.Ok({ } version):
                var changes = ClientRequest.Parse(request).Changes;
                _trace.Add(
                    new TraceEvent.Wrote(
                        version, [.. changes.Select(change => new TracedOperation(change.Key, change.Value))],
                        _trace.Now - time),
                    sequence, time);
                break;
            case Response.Value or Response.Missing or Response.End:
                Saw([.. _reply.Where(line => line is not Response.End).Select(SightOf)]);
                break;
        }
    }

    private void Saw(List<Sight> shown)
    {
        if (_lastShown?.SequenceEqual(shown) != true)
        {
            _lastShown = shown;
            _trace.Add(new TraceEvent.Saw(shown));
        }
    }

    private static Sight SightOf(Response line) => line switch
    {
        Response.Value(var key, var value, var version) => new(
            TraceText.Of(key), TraceText.Of(value), version),
        Response.Update(var key, var value, var version) => new(
            TraceText.Of(key), TraceText.Of(value), version),
        Response.Missing(var key, var version) => new(TraceText.Of(key), null, version),
        Response.Removed(var key, var version) => new(TraceText.Of(key), null, version),
        _ => throw new InvalidOperationException($"{line} shows nothing"),
    };

    /// <summary>What was taken out of an output, line by line.</summary>
    internal sealed class Lines
    {
        private readonly ResponseParser _parser = new();

        public List<Response> Taken { get; } = [];

        public void Take(OutputBuffer output)
        {
            while (!output.IsEmpty)
            {
                int length = output.Written.IndexOf((byte)'\n');
                Taken.Add(_parser.Parse(output.Written[..length]));
                output.Consume(length + 1);
            }
        }
    }
}
