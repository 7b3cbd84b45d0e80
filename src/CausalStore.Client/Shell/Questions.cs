namespace CausalStore.Client.Shell;

/// <summary>Asks a person for what the command line left out.</summary>
internal static class Questions
{
    /// <param name="readLine">Blocks; null when there is nothing more to read.</param>
    public static async Task<ClientArguments> AskAsync(
        ClientArguments arguments, TextWriter output, Func<string?> readLine, CancellationToken stop)
    {
        while (await AnswerAsync("Server Port: ") is { } port)
        {
            if (!CommandLine.TryServer(port, out var address))
            {
                await output.WriteLineAsync("That is a number from 1 to 65535, as in 60001, or HOST:PORT.");
                continue;
            }

            string? id = arguments.Id ?? await AnswerAsync("Client ID: ");
            return arguments with { Servers = [address], Id = string.IsNullOrEmpty(id) ? null : id };
        }

        return arguments;

        async Task<string?> AnswerAsync(string question)
        {
            await output.WriteAsync(question);
            await output.FlushAsync(stop);
            string? answer = await Task.Run(readLine, CancellationToken.None).WaitAsync(stop);
            return answer?.Trim();
        }
    }
}
