namespace CausalStore.Client.Live;

/// <summary>The newest of a row of texts, for any number of readers: who is slow skips some. For any
/// thread.</summary>
internal sealed class Latest
{
    private readonly Lock _gate = new();
    private long _number;
    private string _text = "";
    private TaskCompletionSource _next = New();

    /// <summary>Nothing happens where it is the same again.</summary>
    public void Set(string text)
    {
        TaskCompletionSource waiting;

        lock (_gate)
        {
            if (text == _text)
            {
                return;
            }

            (_number, _text) = (_number + 1, text);
            waiting = _next;
            _next = New();
        }

        waiting.SetResult();
    }

    /// <summary>The newest, once there is one after that number; 0: any.</summary>
    public async Task<(long Number, string Text)> AfterAsync(long number, CancellationToken stop)
    {
        while (true)
        {
            Task next;

            lock (_gate)
            {
                if (_number > number)
                {
                    return (_number, _text);
                }

                next = _next.Task;
            }

            await next.WaitAsync(stop);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
