using CausalStore.Checking;
using CausalStore.Client.Recording;

namespace CausalStore.Client;

/// <summary>
/// Writes down what sessions do and see, as a history that can be judged (docs/histories.md). Give it to any
/// number of clients, also of other programs on the same file: each is a session of its own, under a name of
/// its own.
/// </summary>
/// <remarks>
/// A line is in the file before whoever asked has the reply: a crash of the program loses nothing that it
/// knew of, and of the file at most a last line that was not finished. Nothing is kept in memory: the session
/// waits for the file. When a line cannot be written, recording stops for good, and so do the clients
/// (<see cref="RecordingFailedException"/>), for a history with a hole proves nothing.
/// </remarks>
public sealed class HistoryRecorder
{
    private readonly Lock _gate = new();
    private readonly HistoryFile _file;

    private HistoryRecorder(HistoryFile file) => _file = file;

    /// <summary>Why it stopped; null while it has not.</summary>
    public string? Failure { get; private set; }

    /// <summary>Goes on with the file, or begins it.</summary>
    /// <exception cref="IOException">It cannot be written, or is no history.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static HistoryRecorder AppendTo(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        HistoryFile file = new(path);
        file.Prepare();
        return new HistoryRecorder(file);
    }

    /// <returns>The name of the session in the history.</returns>
    internal string? Append(
        string? name, string wanted, HistoryStep[] steps, bool outcomeUnknown, bool atRest)
    {
        lock (_gate)
        {
            if (Failure is not null)
            {
                return name;
            }

            try
            {
                if (name is null)
                {
                    return _file.AppendFirst(wanted, LineOf);
                }

                _file.Append(LineOf(name));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                Failure = error.Message;
            }

            return name;
        }

        string LineOf(string session) => HistoryWriter.Line(session, steps, outcomeUnknown, atRest);
    }
}
