using CausalStore.Checking;
using CausalStore.Protocol;

namespace CausalStore.Client.Recording;

/// <summary>One session's part of a history. Told of each line in the order in which it came, since that is
/// the order in which the session did and saw it.</summary>
internal sealed class SessionRecord(HistoryRecorder recorder, string wantedName)
{
    private string? _name;
    private bool _isAtRest;
    private HistoryStep[]? _lastPoll;

    public void Replied(RequestLine request, Reply reply)
    {
        switch (request.Kind, reply.Error)
        {
            case (RequestKind.Read or RequestKind.Scan, null):
                Saw(request, HistorySteps.Seen(request, reply));
                break;

            case (RequestKind.Write, null):
                var version = (reply.Lines[0].Meaning as Response.Ok)?.Version;
                Append(HistorySteps.Written(request, version), outcomeUnknown: version is null);
                break;

            // Every other refusal is definite: nothing was written.
            case (RequestKind.Write, { Code: ErrorCode.Internal }):
                NeverReplied(request);
                break;
        }
    }

    /// <summary>What is pushed counts as read, at the moment at which it came.</summary>
    public void Pushed(Response push)
    {
        if (!_isAtRest)
        {
            Append([HistorySteps.Pushed(push)]);
        }
    }

    /// <summary>The request may have been carried out, and nobody will say.</summary>
    public void NeverReplied(RequestLine request)
    {
        if (request.Kind == RequestKind.Write)
        {
            Append(HistorySteps.Written(request, version: null), outcomeUnknown: true);
        }
    }

    private void Saw(RequestLine request, HistoryStep[] steps)
    {
        // Nothing may follow the reads at rest but more of them; a read is left out without harm.
        if (_isAtRest && !request.IsAtRest)
        {
            return;
        }

        // Who waits for a value looks again and again; the same sight once more says nothing more.
        if (request.IsPoll && _lastPoll is not null && steps.SequenceEqual(_lastPoll))
        {
            return;
        }

        _isAtRest |= request.IsAtRest;
        Append(steps, atRest: request.IsAtRest);
        _lastPoll = request.IsPoll ? steps : null;
    }

    private void Append(HistoryStep[] steps, bool outcomeUnknown = false, bool atRest = false)
    {
        if (steps.Length == 0)
        {
            return;
        }

        _lastPoll = null;
        _name = recorder.Append(_name, wantedName, steps, outcomeUnknown, atRest);
    }
}
