using System.Diagnostics.CodeAnalysis;

namespace CausalStore.Server;

/// <summary>The program was started in a way that it does not understand; the text says what to do.</summary>
internal sealed class UsageException(string text) : Exception(text);

/// <summary>Asks a person for what the command line did not say.</summary>
/// <param name="ask">Shows the question and returns the answer; null at the end of the input.</param>
internal sealed class Questions(Func<string, string?> ask)
{
    /// <summary>Asks until the answer can be read.</summary>
    /// <exception cref="UsageException">The input has ended.</exception>
    [return: NotNull]
    public T Ask<T>(string question, Func<string, T?> read, string advice)
    {
        string explained = question;

        while (true)
        {
            string answer = ask(explained)
                ?? throw new UsageException("--port and --id are needed, and nobody answers.");

            if (read(answer.Trim()) is { } value)
            {
                return value;
            }

            explained = $"That {advice}.{Environment.NewLine}{question}";
        }
    }
}
