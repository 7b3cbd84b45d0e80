using System.Threading.Channels;

namespace CausalStore.Terminal;

/// <summary>What may stand in the place of the word before the cursor.</summary>
/// <param name="Start">Where that word begins.</param>
/// <param name="Text">What can be written there already: one candidate, or what all have in common.</param>
/// <param name="Candidates">To be shown where there are several.</param>
public sealed record Completion(int Start, string Text, IReadOnlyList<string> Candidates);

/// <summary>Lines typed at a terminal, one after another.</summary>
/// <param name="complete">Given what stands before the cursor; null: it knows nothing.</param>
public sealed class LineReader(
    Screen screen,
    ChannelReader<ConsoleKeyInfo> keys,
    LineHistory history,
    Func<string, CancellationToken, Task<Completion?>> complete)
{
    private const string Gap = "  ";
    private const int CandidateRowsMax = 10;

    private readonly LineEditor _editor = new(history);

    /// <summary>The next line; null when there will be none.</summary>
    public async Task<string?> NextAsync(string prompt, CancellationToken stop)
    {
        screen.BeginTyping(prompt);

        try
        {
            while (await keys.WaitToReadAsync(stop))
            {
                while (keys.TryRead(out var key))
                {
                    switch (_editor.Press(key))
                    {
                        case KeyEffect.Submitted:
                            Show();
                            return _editor.Take();

                        case KeyEffect.Ended:
                            return null;

                        case KeyEffect.Abandoned:
                            screen.EndTyping();
                            screen.BeginTyping(prompt);
                            break;

                        case KeyEffect.Cleared:
                            screen.Clear();
                            break;

                        case KeyEffect.Completing:
                            await CompleteAsync(stop);
                            break;
                    }
                }

                // What was pasted is drawn once.
                Show();
            }

            return null;
        }
        finally
        {
            screen.EndTyping();
        }
    }

    private void Show() => screen.ShowTyped(_editor.Text, _editor.Cursor);

    private async Task CompleteAsync(CancellationToken stop)
    {
        Show();
        string before = _editor.Text[.._editor.Cursor];
        var completion = await complete(before, stop);

        if (completion is null)
        {
            return;
        }

        if (before[completion.Start..] != completion.Text)
        {
            _editor.ReplaceBeforeCursor(completion.Start, completion.Text);
        }
        else if (completion.Candidates.Count > 1)
        {
            Show(completion.Candidates);
        }
    }

    private void Show(IReadOnlyList<string> candidates)
    {
        int widest = candidates.Max(candidate => TextColumns.Of(candidate)) + Gap.Length;
        int perRow = Math.Max(1, screen.Columns / widest);

        foreach (string[] row in candidates.Chunk(perRow).Take(CandidateRowsMax))
        {
            screen.Print(string.Concat(row.Select(candidate =>
                candidate + new string(' ', widest - TextColumns.Of(candidate)))).TrimEnd());
        }

        if (candidates.Count > perRow * CandidateRowsMax)
        {
            screen.Print($"... and {candidates.Count - (perRow * CandidateRowsMax)} more");
        }
    }
}
