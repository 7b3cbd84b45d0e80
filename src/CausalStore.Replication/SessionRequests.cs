using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>What clients ask for. Each request sees one state; an error is answered to whoever caused
/// it.</summary>
internal sealed class SessionRequests(
    ReplicaState state, CausalDelivery delivery, Reports reports, WhyReport why, KeyHistory history,
    Action<ServerId> forget)
{
    /// <summary>The longest answer to one request.</summary>
    private const int AnswerBytesMax = 64 << 20;

    /// <summary>Prefixes that one session may watch.</summary>
    private const int PrefixesMax = 1000;

    /// <summary>Characters kept of a client's name, which only people read.</summary>
    private const int NameMax = 64;

    private readonly WordSplitter _splitter = new();
    private readonly ReadTracing _tracing = new(state);

    /// <summary>A line of a client.</summary>
    public void Receive(Session session, ReadOnlySpan<byte> line)
    {
        int answered = session.Output.Length;

        try
        {
            var words = _splitter.Split(line);

            if (words.Count > 0)
            {
                state.Work.Requests++;
                Execute(session, words);
                session.Touch();
            }
        }
        catch (ProtocolException refused)
        {
            session.Output.TruncateTo(answered);
            ResponseWriter.Error(session.Output, refused.Code, refused.Message);
            session.Touch();
        }
    }

    /// <summary>Ends the waits that have taken too long; returns when the next one does.</summary>
    public TimeSpan EndLateWaits()
    {
        var next = TimeSpan.MaxValue;

        foreach (var session in state.Sessions)
        {
            if (session.IsClosing || session.Waiting is not { } wait)
            {
                continue;
            }

            if (wait.Deadline > state.Now)
            {
                next = wait.Deadline < next ? wait.Deadline : next;
                continue;
            }

            state.Index.Remove(wait);
            session.Waiting = null;
            ResponseWriter.Error(
                session.Output, ErrorCode.NotYet,
                $"after {state.Options.ContextWait.TotalSeconds:0.###} s "
                + $"{state.Applied.Missing(wait.Needs)} is not here yet; ask again, or go back to the server "
                + "that you came from");
            session.Touch();
        }

        return next;
    }

    private void Execute(Session session, Words words)
    {
        var verb = words[0];

        if (verb.SequenceEqual("read"u8))
        {
            DemandServing();
            Read(session, words);
        }
        else if (Operations.IsVerb(verb))
        {
            DemandServing();
            delivery.Accept(session, words);
        }
        else
        {
            Execute(session, RequestParser.Parse(words));
        }
    }

    private void Execute(Session session, Request request)
    {
        switch (request)
        {
            case Request.Hello hello:
                SayWelcome(session, hello.Name, hello.Cluster);
                break;
            case Request.Ping:
                ResponseWriter.Pong(session.Output);
                break;
            case Request.Quit:
                session.Close();
                break;
            case Request.Status:
                reports.Status(session.Output);
                break;
            case Request.Members:
                reports.Members(session.Output);
                break;
            case Request.Pending:
                reports.Pending(session.Output);
                break;
            case Request.Why(byte[] subject):
                why.Explain(session.Output, subject);
                break;
            case Request.Link link:
                SetFault(session, link);
                break;
            case Request.Trace:
                Trace(session);
                break;
            default:
                DemandServing();
                ExecuteServing(session, request);
                break;
        }
    }

    private void ExecuteServing(Session session, Request request)
    {
        switch (request)
        {
            case Request.Scan scan:
                Scan(session, scan);
                break;
            case Request.Watch(byte[] prefix):
                Watch(session, prefix);
                break;
            case Request.Unwatch(byte[] prefix):
                state.Watchers.Remove(session, prefix);
                ResponseWriter.Ok(session.Output);
                break;
            case Request.History(byte[] key):
                history.Tell(session.Output, key);
                break;
            case Request.Conflicts:
                history.TellConflicts(session.Output);
                break;
            case Request.GetContext:
                ResponseWriter.Seen(session.Output, session.Seen.ToContext());
                break;
            case Request.SetContext(var context):
                SetContext(session, context);
                break;
            case Request.Forget(var server):
                Forget(session, server);
                break;
        }
    }

    private void DemandServing()
    {
        if (!state.Members.HasJoined)
        {
            throw new ProtocolException(ErrorCode.Unavailable, reports.WhyUnavailable());
        }
    }

    private void SayWelcome(Session session, string name, string? cluster)
    {
        string kept = name[..Math.Min(name.Length, NameMax)];

        // A client that waits for this server to serve says hello again and again.
        if (session.Name != kept)
        {
            session.Name = kept;
            state.Effects.Notices.Add(new Notice.ClientNamed(session));
        }

        if (state.Members.Cluster is { } own && cluster is not null && cluster != own)
        {
            throw new ProtocolException(
                ErrorCode.Lost,
                $"this is cluster {own}, you come from {cluster}: what you have seen is not here; "
                + "start a new session");
        }

        ResponseWriter.Welcome(session.Output, state.Id, state.Members.Cluster);
    }

    private void Read(Session session, Words words)
    {
        words.Required(1, "the key to read");

        for (int index = 1; index < words.Count; index++)
        {
            Operations.CheckedKey(words[index]);
        }

        int before = session.Output.Length;

        for (int index = 1; index < words.Count; index++)
        {
            Show(session, words[index], state.Store.Find(words[index]), before);
        }

        if (state.Effects.Narrating)
        {
            NarrateRead(session, words);
        }

        _tracing.Showed(session, words);
    }

    private void Show(Session session, ReadOnlySpan<byte> key, Stored stored, int before)
    {
        if (!stored.Exists)
        {
            ResponseWriter.Missing(session.Output, key);
            return;
        }

        See(session, stored.Version);

        if (stored.IsTombstone)
        {
            ResponseWriter.Missing(session.Output, key, stored.Version);
        }
        else
        {
            ResponseWriter.Value(session.Output, key, stored.Value, stored.Version);
        }

        if (session.Output.Length - before > AnswerBytesMax)
        {
            throw new ProtocolException(
                ErrorCode.Overloaded, "the answer is longer than 64 MiB; ask for fewer keys at once");
        }
    }

    /// <summary>What is shown counts as read; an eventual server does not keep count.</summary>
    private void See(Session session, WriteVersion version)
    {
        if (state.Options.Consistency == Consistency.Causal)
        {
            session.Seen.Add(version);
        }
    }

    private void Scan(Session session, Request.Scan scan)
    {
        int before = session.Output.Length;
        int count = 0;

        foreach (int number in state.Store.Scan(scan.Prefix, scan.After))
        {
            if (count == scan.Limit)
            {
                break;
            }

            var stored = state.Store[number];

            if (stored.IsTombstone)
            {
                // Its absence is shown, so it counts as read.
                See(session, stored.Version);
                continue;
            }

            Show(session, stored.Key, stored, before);
            count++;
        }

        ResponseWriter.End(session.Output, count);
        _tracing.Showed(session, scan);
    }

    private void Watch(Session session, byte[] prefix)
    {
        if (prefix.Length > Operations.KeyBytesMax)
        {
            throw new ProtocolException(
                ErrorCode.TooLarge, $"a prefix may have {Operations.KeyBytesMax} bytes, like a key");
        }

        if (session.Prefixes.Count >= PrefixesMax)
        {
            throw new ProtocolException(
                ErrorCode.Overloaded,
                $"a session watches at most {PrefixesMax} prefixes; watch a shorter one");
        }

        state.Watchers.Add(session, prefix);
        ResponseWriter.Ok(session.Output);
    }

    private void SetContext(Session session, Context context)
    {
        if (state.Clock.IsForged(context.TimestampMax))
        {
            throw new ProtocolException(
                ErrorCode.TooLarge, "the context names a timestamp that no server can have reached");
        }

        if (context.Count > SessionContext.NamedMax)
        {
            throw new ProtocolException(
                ErrorCode.Overloaded, $"a context names at most {SessionContext.NamedMax} writes");
        }

        if (state.Applied.FirstLost(context) is { } lost)
        {
            throw new ProtocolException(ErrorCode.Lost, Reports.LostText(lost));
        }

        if (state.Applied.ContainsAll(context))
        {
            session.Seen.Add(context);
            ResponseWriter.Ok(session.Output);
        }
        else
        {
            delivery.Await(new ContextWait(session, context, state.Now + state.Options.ContextWait));
        }
    }

    private void SetFault(Session session, Request.Link link)
    {
        if (!state.Options.AllowFaults)
        {
            throw new ProtocolException(
                ErrorCode.NotAllowed, "links are only disturbed on a server started with --allow-faults");
        }

        if (link.Server == state.Id)
        {
            throw new ProtocolException(ErrorCode.NotAllowed, $"server {state.Id} has no link to itself");
        }

        state.Faults.Set(link);
        ResponseWriter.Ok(session.Output);

        if (state.Effects.Tracing)
        {
            state.Effects.Notices.Add(new Notice.LinkDisturbed(link));
        }
    }

    private void Trace(Session session)
    {
        if (!state.Effects.Tracers.Contains(session))
        {
            state.Effects.Tracers.Add(session);
        }

        ResponseWriter.Ok(session.Output);
    }

    private void Forget(Session session, ServerId server)
    {
        if (server == state.Id)
        {
            throw new ProtocolException(
                ErrorCode.NotAllowed,
                $"a server does not forget itself: stop it, and ask another to forget {server}");
        }

        state.DemandRoom();
        forget(server);
        ResponseWriter.Ok(session.Output);
    }

    private void NarrateRead(Session session, Words words)
    {
        List<byte[]> asked = [];

        for (int index = 1; index < words.Count; index++)
        {
            asked.Add(words[index].ToArray());
        }

        var first = state.Store.Scan([], null).Where(number => !state.Store[number].IsTombstone).Take(10)
            .Select(number => (state.Store[number].Key.ToArray(), state.Store[number].Value.ToArray()))
            .ToList();
        state.Effects.Notices.Add(new Notice.KeysRead(session, asked, first, state.Store.KeysWithValue));
    }
}
