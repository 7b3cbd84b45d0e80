using System.Threading.Channels;
using CausalStore.Terminal;

namespace CausalStore.Client.Top;

/// <summary>Shows a cluster on a terminal, in place, until somebody presses q.</summary>
/// <param name="size">How large the terminal is now.</param>
internal sealed class LiveView(
    ClusterProbe cluster,
    TextWriter output,
    bool hasColour,
    Func<(int Columns, int Rows)> size,
    ChannelReader<ConsoleKeyInfo> keys,
    TimeSpan interval,
    TimeProvider time)
{
    private static readonly TimeSpan LookAtSizeEvery = TimeSpan.FromMilliseconds(200);

    private (int Columns, int Rows) _drawn;

    public async Task RunAsync(CancellationToken stop)
    {
        output.Write(Ansi.EnterOwnScreen);

        try
        {
            await ShowAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Ctrl-C: the usual way to leave.
        }
        finally
        {
            output.Write(Ansi.LeaveOwnScreen);
            output.Flush();
        }
    }

    private async Task ShowAsync(CancellationToken stop)
    {
        while (true)
        {
            long began = time.GetTimestamp();
            var view = await cluster.AskAsync(stop);
            string when = $"{time.GetLocalNow():HH:mm:ss}, every {TopText.Span(interval)}, q quits";
            Draw(view, when);

            while (time.GetElapsedTime(began) < interval)
            {
                if (await IsLeavingAsync(interval - time.GetElapsedTime(began), stop))
                {
                    return;
                }

                if (size() != _drawn)
                {
                    Draw(view, when);
                }
            }
        }
    }

    /// <summary>Waits for a key, but not for long.</summary>
    private async Task<bool> IsLeavingAsync(TimeSpan atMost, CancellationToken stop)
    {
        TimeSpan wait = atMost < LookAtSizeEvery ? atMost : LookAtSizeEvery;
        using CancellationTokenSource soon = new(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(soon.Token, stop);

        try
        {
            if (!await keys.WaitToReadAsync(either.Token))
            {
                return true;
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }

        while (keys.TryRead(out var key))
        {
            if (key.KeyChar is 'q' or 'Q' || key.Key == ConsoleKey.Escape)
            {
                return true;
            }
        }

        return false;
    }

    private void Draw(ClusterView view, string when)
    {
        var (columns, height) = _drawn = size();
        var rows = TopText.Rows(view, when, columns).ToList();

        if (rows.Count > height)
        {
            int hidden = rows.Count - height + 1;
            rows.RemoveRange(height - 1, hidden);
            string more = $"... and {hidden} more rows: make the window higher";
            rows.Add(new Row(TextColumns.Fit(more, columns)));
        }

        output.Write(Ansi.GoHome);

        for (int index = 0; index < rows.Count; index++)
        {
            var (text, colour) = rows[index];
            output.Write(Ansi.Coloured(text, hasColour ? colour : null) + Ansi.ClearRestOfRow);
            output.Write(index < rows.Count - 1 ? "\r\n" : Ansi.ClearBelow);
        }

        output.Flush();
    }
}
