namespace CausalStore.Replication.Tests.Kit.Exhaustive;

/// <summary>All that can happen next in a state: to whom, and what.</summary>
internal sealed class Choices(Scope scope)
{
    private readonly Connection[] _connections = [.. scope.AllConnections];
    private readonly Step.Write[] _writes =
    [
        .. from writer in scope.Writers
           from operations in scope.Operations
           select new Step.Write(writer, operations),
    ];

    /// <summary>What has been used up of a <see cref="Scope"/>.</summary>
    private ref struct Spent
    {
        public int Writes;
        public int Passes;
        public int Restarts;
        public int Redials;
        public int Repeats;
        public int Moves;
        public bool HasArrived;
    }

    public List<(int Server, Step Step)> Of(Past[] state)
    {
        var spent = SpentIn(state);
        List<(int, Step)> choices = [];

        foreach (var past in state)
        {
            AddDeliveries(choices, state, past, spent);
            AddWrites(choices, past, spent);
            AddTroubles(choices, past, spent);
            AddMoves(choices, state, past, spent);
        }

        return choices;
    }

    private static Spent SpentIn(Past[] state)
    {
        Spent spent = default;

        foreach (var past in state)
        {
            spent.Writes += past.Writes.Count;
            spent.Passes += past.Passes;
            spent.Restarts += past.Restarts;
            spent.Redials += past.Redials;
            spent.Repeats += past.Repeats;
            spent.Moves += past.Left is null ? 0 : 1;
            spent.HasArrived |= past.Arrival != Arrival.None;
        }

        return spent;
    }

    private void AddDeliveries(List<(int, Step)> choices, Past[] state, Past past, Spent spent)
    {
        for (int number = 0; number < _connections.Length; number++)
        {
            var connection = _connections[number];

            if (!connection.Joins(past.Server) || past.IsGone[number])
            {
                continue;
            }

            var other = state[connection.OtherThan(past.Server)];
            string[] sent = other.Sent[number];
            int taken = past.Taken[number];

            if (taken < sent.Length)
            {
                choices.Add((past.Server, new Step.Take(number, NextLines(sent, taken))));
            }

            if (other.IsGone[number] && taken + past.Sent[number].Length > 0)
            {
                choices.Add((past.Server, new Step.Lose(number)));
            }

            if (taken > 0 && spent.Repeats < scope.Repeats)
            {
                AddRepeats(choices, state, past, number);
            }
        }
    }

    /// <summary>A write or a <c>have</c>, with the words of greeting before it.</summary>
    private static string NextLines(string[] sent, int from)
    {
        int last = Array.FindIndex(
            sent, from, line => IsWrite(line) || line.StartsWith("have ", StringComparison.Ordinal));
        int end = last < 0 ? sent.Length : last + 1;
        return end == from + 1 ? sent[from] : string.Join('\n', sent[from..end]);
    }

    private static bool IsWrite(string line) => line.StartsWith("replicate ", StringComparison.Ordinal);

    private void AddRepeats(List<(int, Step)> choices, Past[] state, Past past, int over)
    {
        HashSet<string> taken = [];

        for (int number = 0; number < _connections.Length; number++)
        {
            if (_connections[number].Joins(past.Server))
            {
                var other = state[_connections[number].OtherThan(past.Server)];
                taken.UnionWith(other.Sent[number].Take(past.Taken[number]).Where(IsWrite));
            }
        }

        foreach (string line in taken)
        {
            choices.Add((past.Server, new Step.TakeAgain(over, line)));
        }
    }

    private void AddWrites(List<(int, Step)> choices, Past past, Spent spent)
    {
        if (spent.Writes >= scope.Writes || past.Writes.Count >= scope.WritesEach)
        {
            return;
        }

        foreach (var write in _writes)
        {
            if (write.Writer != Writer.Mover || past.Arrival == Arrival.Done)
            {
                choices.Add((past.Server, write));
            }
        }
    }

    private void AddTroubles(List<(int, Step)> choices, Past past, Spent spent)
    {
        if (spent.Passes < scope.Passes)
        {
            choices.Add((past.Server, new Step.PassTime()));
        }

        if (spent.Restarts < scope.Restarts && past.Restarts == 0
            && scope.Restarting.Contains(past.Server))
        {
            choices.Add((past.Server, new Step.Restart()));
        }

        for (int number = 0; spent.Redials < scope.Redials && number < _connections.Length; number++)
        {
            var connection = _connections[number];

            if (connection.IsLater && connection.Dialler == past.Server && past.Sent[number].Length == 0)
            {
                choices.Add((past.Server, new Step.Dial(number)));
            }
        }
    }

    private void AddMoves(List<(int, Step)> choices, Past[] state, Past past, Spent spent)
    {
        if (spent.Moves < scope.Moves && past.Left is null)
        {
            choices.Add((past.Server, new Step.Leave()));
        }

        foreach (var other in state)
        {
            if (other.Left is { } arrive && other != past && !spent.HasArrived)
            {
                choices.Add((past.Server, arrive));
            }
        }
    }
}
