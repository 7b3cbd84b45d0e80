namespace CausalStore.Client.Shell;

/// <summary>Who takes Ctrl-C: the prompt while there is one, else nobody, and the program ends.</summary>
internal sealed class Interrupts
{
    private volatile Action? _taker;

    /// <summary>Called from any thread; null: nobody takes it.</summary>
    public Action? Taker
    {
        set => _taker = value;
    }

    /// <summary>Returns whether somebody has taken it.</summary>
    public bool TryGive()
    {
        var taker = _taker;
        taker?.Invoke();
        return taker is not null;
    }
}
