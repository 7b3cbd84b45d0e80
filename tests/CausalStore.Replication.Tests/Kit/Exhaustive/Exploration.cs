using System.Text;

namespace CausalStore.Replication.Tests.Kit.Exhaustive;

/// <summary>
/// Lets everything within a <see cref="Scope"/> happen to three real replicas, in every order, and judges
/// each state once. A server is run only where it comes to a past that it never had: its answer to the same
/// steps is the same.
/// </summary>
internal sealed class Exploration
{
    private readonly Scope _scope;
    private readonly Choices _choices;
    private readonly IReadOnlyList<(ReplicaOptions Options, Disk Disk)> _founded;
    private readonly Past[] _beginnings;
    private readonly (Past At, LivingServer Server)?[] _living = new (Past, LivingServer)?[Scope.Servers];
    private readonly int[] _pasts = new int[Scope.Servers];
    private readonly Dictionary<string, int> _stories = [];
    private readonly HashSet<(long Stories, long Past)> _judged = [];
    private readonly Dictionary<long, UInt128> _schedules = [];
    private readonly Stack<(int Server, Step Step)> _path = [];

    private Exploration(Scope scope)
    {
        _scope = scope;
        _choices = new Choices(scope);
        var wire = JoiningClusterTests.Founded();
        _founded = [.. wire.Servers.Select(server => (server.Options, server.Disk.Copy()))];
        _beginnings =
            [.. Enumerable.Range(0, Scope.Servers).Select(server => LivingServer.Beginning(server, scope))];
    }

    public int Pasts => _pasts.Sum();

    public int States => _schedules.Count;

    /// <summary>How many different orders there are.</summary>
    public UInt128 Schedules { get; private set; }

    /// <summary>How many states were judged in which nothing was on its way.</summary>
    public int StatesAtRest { get; private set; }

    /// <summary>How many writes were ever found delayed, by server and past.</summary>
    public int Delays { get; private set; }

    /// <exception cref="BrokenPromiseException">With the steps that led to it.</exception>
    public static Exploration Of(Scope scope)
    {
        Exploration exploration = new(scope);

        try
        {
            exploration.Schedules = exploration.Explore(exploration.Greet());
        }
        catch (Exception broken)
        {
            throw new InvalidOperationException($"{broken.Message}\n{exploration.Story()}", broken);
        }

        return exploration;
    }

    public override string ToString() =>
        $"{Schedules} schedules, {States} states ({StatesAtRest} at rest), {Pasts} runs of a replica, "
        + $"{Delays} with something delayed";

    /// <summary>The connections of the beginning stand, and all has been said on them.</summary>
    private Past[] Greet()
    {
        Past[] state = [.. _beginnings];

        foreach (var (number, connection) in _scope.AllConnections.Index())
        {
            if (!connection.IsLater)
            {
                state[connection.Dialler] = Follow(state, connection.Dialler, new Step.Dial(number));
            }
        }

        while (_choices.Of(state).Find(each => each.Step is Step.Take) is { Step: { } step } next)
        {
            state[next.Server] = Follow(state, next.Server, step);
        }

        return state;
    }

    /// <summary>How many ways lead on from a state to where nothing more can happen.</summary>
    private UInt128 Explore(Past[] state)
    {
        long key = Packed(state[0].Number, state[1].Number, state[2].Number);

        if (_schedules.TryGetValue(key, out var known))
        {
            return known;
        }

        UInt128 schedules = 0;
        bool isAtRest = true;
        bool isEnd = true;

        foreach (var (server, step) in _choices.Of(state))
        {
            isEnd = false;
            isAtRest &= step is not (Step.Take or Step.Lose);
            Past[] next = [.. state];
            _path.Push((server, step));
            next[server] = Follow(state, server, step);
            JudgeServer(next, server);
            schedules += Explore(next);
            _path.Pop();
        }

        if (isAtRest)
        {
            StatesAtRest++;
            Judge.OfRest(state);
        }

        schedules = isEnd ? 1 : schedules;
        _schedules.Add(key, schedules);
        return schedules;
    }

    private static long Packed(params ReadOnlySpan<int> numbers)
    {
        long packed = 0;

        foreach (int number in numbers)
        {
            packed = (packed << 21) | (uint)number;
        }

        return packed;
    }

    private Past Follow(Past[] state, int server, Step step)
    {
        var past = state[server];

        if (past.Find(step) is { } known)
        {
            return known;
        }

        var living = _living[server] is { } last && last.At == past ? last.Server : Revive(past);
        _living[server] = null;
        Past next = living.Do(step, ++_pasts[server]);
        next.Story = StoryOf(next);
        past.Add(next);
        _living[server] = (next, living);
        Delays += next.Sight.Delayed.Count;
        return next;
    }

    private int StoryOf(Past past)
    {
        string writes = string.Join("; ", past.Writes);
        _stories.TryAdd(writes, _stories.Count);
        return _stories[writes];
    }

    /// <summary>Judges what one server has come to, once for all that others may have written and seen: a
    /// replica that cannot tell two worlds apart must be right in both.</summary>
    private void JudgeServer(Past[] state, int server)
    {
        long stories = Packed(state[0].Story, state[1].Story, state[2].Story);

        if (_judged.Add((stories, Packed(server, state[server].Number))))
        {
            Judge.OfServer(state[server], state);
        }
    }

    private LivingServer Revive(Past past)
    {
        var (options, disk) = _founded[past.Server];
        var beginning = _beginnings[past.Server];
        LivingServer living = new(past.Server, _scope, options, disk.Copy(), beginning);
        var at = beginning;

        foreach (var step in past.Steps())
        {
            at = at.Find(step)!;
            living.Repeat(at);
        }

        return living;
    }

    private string Story()
    {
        StringBuilder story = new();

        foreach (var (server, step) in _path.Reverse())
        {
            story.AppendLine($"server {server + 1}: {step}");
        }

        return story.ToString();
    }
}
