namespace CausalStore.Simulation;

/// <summary>
/// Makes a short story of a run that fails: leaves out what it can, kinds of trouble first and single acts
/// then, as long as the same promise breaks. The same run always shrinks to the same story.
/// </summary>
/// <remarks>Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002.</remarks>
internal sealed class Shrinker
{
    private readonly ulong _seed;
    private readonly string _promise;
    private readonly HashSet<int> _leftOut = [];
    private Settings _settings;
    private int _acts;
    private int _runsLeft;

    private Shrinker(ulong seed, Settings settings, RunReport failed, int runs)
    {
        _seed = seed;
        _settings = settings;
        _promise = failed.Promise!;
        _acts = failed.Acts;
        _runsLeft = runs;
    }

    /// <summary>The shortest story that was found.</summary>
    /// <param name="runs">So many runs are tried.</param>
    public static RunReport Shrink(ulong seed, Profile profile, int runs)
    {
        World world = new(seed, dice => Settings.Draw(profile, dice), keepsText: false);
        var failed = SimulationRun.Run(world, seed);

        if (failed.Promise is null)
        {
            return failed;
        }

        Shrinker shrinker = new(seed, world.Settings, failed, runs);
        shrinker.Shrink();
        return shrinker.Run(shrinker._settings, shrinker._leftOut, keepsText: true);
    }

    private void Shrink()
    {
        bool isShorter = true;

        while (isShorter && _runsLeft > 0)
        {
            isShorter = LeaveOutKinds();
            isShorter |= LeaveOutActs();
        }
    }

    private bool LeaveOutKinds()
    {
        bool isShorter = false;

        foreach (var simpler in Simplifications.All)
        {
            var settings = simpler(_settings);

            if (settings != _settings && Fails(settings, _leftOut))
            {
                _settings = settings;
                isShorter = true;
            }
        }

        return isShorter;
    }

    /// <summary>Leaves out halves of all acts, then quarters, and so on down to single ones.</summary>
    private bool LeaveOutActs()
    {
        int before = Left().Count;

        for (int size = Math.Max(1, before / 2); size > 0; size /= 2)
        {
            var left = Left();

            // The last acts first: they came after what matters.
            for (int end = left.Count; end > 0; end -= size)
            {
                var chunk = left[Math.Max(0, end - size)..end];
                HashSet<int> without = [.. _leftOut, .. chunk];

                if (Fails(_settings, without))
                {
                    _leftOut.UnionWith(chunk);
                }
            }
        }

        return Left().Count < before;
    }

    private List<int> Left() => [.. Enumerable.Range(1, _acts).Where(act => !_leftOut.Contains(act))];

    private bool Fails(Settings settings, HashSet<int> leftOut)
    {
        if (_runsLeft == 0)
        {
            return false;
        }

        _runsLeft--;
        var report = Run(settings, leftOut, keepsText: false);
        bool fails = report.Promise == _promise;

        // Whatever came later is not done any more.
        _acts = fails ? report.Acts : _acts;
        return fails;
    }

    private RunReport Run(Settings settings, HashSet<int> leftOut, bool keepsText) =>
        SimulationRun.Run(new World(_seed, _ => settings, keepsText, leftOut), _seed);
}
