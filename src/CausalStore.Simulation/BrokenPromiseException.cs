namespace CausalStore.Simulation;

/// <summary>The store did something that it promises never to do.</summary>
internal sealed class BrokenPromiseException(string promise, string what, Exception? cause = null)
    : Exception($"{promise}: {what}", cause)
{
    /// <summary>Which one: a constant of <see cref="Promises"/>.</summary>
    public string Promise => promise;
}
