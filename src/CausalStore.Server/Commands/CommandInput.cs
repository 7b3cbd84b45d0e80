namespace CausalStore.Server.Commands;

/// <summary>Where lines come from and answers go to.</summary>
/// <param name="NextLine">Given a prompt, the next line; null: there will be none.</param>
/// <param name="Output">Where answers go to, whole lines only.</param>
/// <param name="Columns">How wide it is; null: nobody looks, lines are shown as they come.</param>
internal sealed record CommandInput(
    Func<string, CancellationToken, Task<string?>> NextLine, TextWriter Output, Func<int>? Columns)
{
    /// <summary>What lives as long as somebody types.</summary>
    public IDisposable? Signals { get; init; }
}
