namespace CausalStore.Client;

/// <summary>How long one request waits for servers that are <c>unavailable</c>.</summary>
internal sealed class Patience(StoreClientOptions options)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private long? _since;

    /// <summary>Pauses and returns true, or returns false when it has waited long enough.</summary>
    /// <param name="reason">Said once, at the first wait.</param>
    public async Task<bool> WaitAsync(string reason, CancellationToken stop)
    {
        if (_since is null)
        {
            _since = options.Time.GetTimestamp();
            options.OnNotice($"not available yet, waiting up to {options.UnavailableWait.TotalSeconds:0.#} s: {reason}");
        }

        if (options.Time.GetElapsedTime(_since.Value) >= options.UnavailableWait)
        {
            return false;
        }

        await Task.Delay(Pause, options.Time, stop);
        return true;
    }
}
