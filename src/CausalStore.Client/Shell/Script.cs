using CausalStore.Protocol;

namespace CausalStore.Client.Shell;

/// <summary>A request a line, as typed; lines that begin with <c>#</c> are comments. It stops at the first
/// failure.</summary>
internal sealed class Script(StoreClient client, RequestRunner runner, IDisplay display, LineInput input)
{
    private const int QuotedBytesMax = 100;

    /// <summary>Returns the exit code.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        for (int number = 1; ; number++)
        {
            byte[]? line;

            try
            {
                var next = input.NextAsync(stop);

                if (await Task.WhenAny(next, client.Lost) != next)
                {
                    display.Failure($"connection lost: {client.Address}: {client.WhyLost}");
                    return 1;
                }

                line = await next;
            }
            catch (ProtocolException error)
            {
                display.Failure($"line {number}: {error.Message}");
                return 1;
            }

            if (line is null)
            {
                return 0;
            }

            if (IsRequest(line) && await StepAsync(number, line, stop) is { } exitCode)
            {
                return exitCode;
            }
        }
    }

    private static bool IsRequest(ReadOnlySpan<byte> line)
    {
        line = line.Trim(" \t\r"u8);
        return !line.IsEmpty && line[0] != '#';
    }

    /// <summary>Returns the exit code if this was the last one.</summary>
    private async Task<int?> StepAsync(int number, byte[] line, CancellationToken stop)
    {
        display.Request(line);
        var (outcome, reason) = await runner.RunAsync(RequestLine.AsTyped(line), stop);

        if (outcome == Outcome.Failed)
        {
            display.Failure($"line {number} ({Shortened(line)}): {reason}");
        }

        return outcome switch
        {
            Outcome.Done => null,
            Outcome.Quit => 0,
            _ => 1,
        };
    }

    private static string Shortened(ReadOnlySpan<byte> line) => line.Length <= QuotedBytesMax
        ? Readable.Line(line)
        : Readable.Line(line[..QuotedBytesMax]) + "...";
}
