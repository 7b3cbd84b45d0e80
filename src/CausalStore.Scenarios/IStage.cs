using CausalStore.Protocol;
using CausalStore.Tracing;

namespace CausalStore.Scenarios;

/// <summary>Where a scenario is played: with pure replicas on virtual time, or with real processes. Disposed,
/// it leaves nothing running.</summary>
public interface IStage : IAsyncDisposable
{
    /// <summary>Starts a server and waits until it listens.</summary>
    Task StartAsync(ServerPart server, CancellationToken stop);

    /// <summary>Lets a server end in good order.</summary>
    Task StopAsync(int server, CancellationToken stop);

    /// <summary>Ends a server at once.</summary>
    Task KillAsync(int server, CancellationToken stop);

    /// <summary>A client begins at a server; a name that was there before goes on there.</summary>
    Task<IStageSession> ConnectAsync(string client, int server, CancellationToken stop);

    /// <summary>Asks a server something on nobody's behalf; no trace tells of it.</summary>
    Task<IReadOnlyList<Response>> AskAsync(int server, string request, CancellationToken stop);

    /// <summary>A time of the story, as the servers are to be told it.</summary>
    TimeSpan Scaled(TimeSpan time);

    /// <summary>Lets a time of the story go by.</summary>
    Task PassAsync(TimeSpan time, CancellationToken stop);

    /// <summary>Lets time go by until something is so.</summary>
    /// <returns>Whether it came to be so in time.</returns>
    Task<bool> UntilAsync(Func<Task<bool>> condition, TimeSpan limit, CancellationToken stop);

    /// <summary>Ends clients and servers.</summary>
    /// <returns>The trace of each.</returns>
    Task<IReadOnlyList<IReadOnlyList<TraceLine>>> FinishAsync(CancellationToken stop);
}

/// <summary>A server of a scenario, as it is to be started.</summary>
/// <param name="MeetAt">Servers that it is told of; nobody: it founds the cluster.</param>
/// <param name="RelayAfter">A time of the story.</param>
public sealed record ServerPart(
    int Id, IReadOnlyList<int> MeetAt, Consistency Consistency, TimeSpan RelayAfter);

/// <summary>A client of a scenario, at one server.</summary>
public interface IStageSession
{
    /// <summary>What was pushed to it so far.</summary>
    IReadOnlyList<Response> Pushed { get; }

    Task<IReadOnlyList<Response>> AskAsync(string request, CancellationToken stop);

    /// <summary>The client leaves this server.</summary>
    Task LeaveAsync();
}
