namespace CausalStore.Client.Recording;

/// <summary>Opens a file that another program may hold for a moment: a history that is recorded or judged.
/// </summary>
internal static class PatientFile
{
    /// <summary>Half a minute: who judges a history reads for a few seconds.</summary>
    private const int AttemptsMax = 6_000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Opens the file, without a buffer of its own.</summary>
    /// <param name="pause">What is done before it is tried again, in place of a short sleep.</param>
    /// <exception cref="IOException">It is not there, cannot be had, or is held for too long.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static FileStream Open(
        string path, FileMode mode, FileAccess access, FileShare share, Action? pause = null)
    {
        pause ??= () => Thread.Sleep(Pause);

        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, mode, access, share, bufferSize: 0);
            }
            catch (IOException error) when (IsHeld(error) && attempt < AttemptsMax)
            {
                pause();
            }
        }
    }

    // What cannot be helped by waiting has a type of its own, but for a full disk and the like; these come
    // when something is written.
    private static bool IsHeld(IOException error) => error.GetType() == typeof(IOException);
}
