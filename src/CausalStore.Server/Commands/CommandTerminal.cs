using System.Net;
using System.Text;
using CausalStore.Protocol;
using CausalStore.Server.Narration;
using CausalStore.Terminal;

namespace CausalStore.Server.Commands;

/// <summary>
/// What is typed where a server runs. It is asked as a client would ask it (<see cref="OwnClient"/>), so the
/// loop knows of no other way in; and nothing here is waited for by anybody.
/// </summary>
internal sealed class CommandTerminal(
    CommandInput input, string name, IPEndPoint listening, Action requestStop) : IDisposable
{
    private static readonly string[] Help =
    [
        "status, members       about this server, and about the cluster",
        "pending               writes that wait here for what they need",
        "why KEY, why VERSION  what it waits for, down to the root",
        "history KEY           its last versions, and which lost to which; 'conflicts': the unseen ones",
        "link SERVER cut       hold what this server sends to that one (with --allow-faults); or",
        "                      'delay MILLISECONDS', 'step N', and 'heal'",
        "forget SERVER         that server is gone for good",
        "quit                  stop this server, once the others have what they lack",
        "Reading and writing is for clients, who depend on what they have seen.",
    ];

    private readonly OwnClient _client = new(listening);

    /// <summary>Carries out line after line, until there are no more or it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (await input.NextLine($"{name}> ", stop) is { } line)
            {
                await CarryOutAsync(line, stop);
            }
        }
        catch (Exception ended) when (
            ended is IOException or InvalidOperationException
            || (ended is OperationCanceledException && stop.IsCancellationRequested))
        {
            // The terminal is gone, which is no reason for a server to stop; or the server has ended.
        }
    }

    public void Dispose()
    {
        input.Signals?.Dispose();
        _client.Dispose();
    }

    private async Task CarryOutAsync(string line, CancellationToken stop)
    {
        string verb;

        try
        {
            verb = VerbOf(line);
        }
        catch (ProtocolException wrong)
        {
            Print([wrong.Message]);
            return;
        }

        switch (verb)
        {
            case "":
                break;

            case "help" or "?":
                Print(Help);
                break;

            case "quit":
                requestStop();
                break;

            case "read" or "write" or "delete" or "scan" or "watch" or "unwatch" or "context" or "hello"
                or "ping":
                Print([$"'{verb}' is for clients: CausalStore.Client --port {listening.Port} --id NAME"]);
                break;

            default:
                await AskAsync(verb, line, stop);
                break;
        }
    }

    private async Task AskAsync(string verb, string line, CancellationToken stop)
    {
        try
        {
            var answer = await _client.AskAsync(line, stop);
            string[] clean = [.. answer.Select(Clip.Line)];
            Print(input.Columns is null ? clean : Rows(verb, clean, input.Columns()));
        }
        catch (IOException failure)
        {
            Print([$"not carried out: {failure.Message}"]);
        }
    }

    private static IEnumerable<string> Rows(string verb, string[] answer, int columns)
    {
        if (answer is [.., var last] && last.StartsWith("end ", StringComparison.Ordinal))
        {
            string[] told = answer[..^1];
            return told.Length == 0 ? ["nothing"] : ReportTable.Of(verb, told, columns) ?? told;
        }

        return answer;
    }

    /// <exception cref="ProtocolException">The words cannot be told apart.</exception>
    private static string VerbOf(string line)
    {
        var words = new WordSplitter().Split(Encoding.UTF8.GetBytes(line));
        return words.Count == 0 ? "" : Clip.Text(Encoding.UTF8.GetString(words[0]));
    }

    private void Print(IEnumerable<string> rows)
    {
        foreach (string row in rows)
        {
            input.Output.WriteLine(row);
        }

        input.Output.Flush();
    }
}
