using System.Globalization;
using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Client;

/// <summary>
/// Runs requests one after another: those of the protocol, and <c>await K V [SECONDS]</c> and <c>expect TEXT</c>,
/// which only the client knows.
/// </summary>
internal sealed class Script(StoreClient client, Screen screen, TimeProvider time)
{
    private static readonly TimeSpan AwaitDefault = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(20);

    private readonly WordSplitter _splitter = new();

    /// <summary>Whether a line has something to do: it is neither empty nor a comment.</summary>
    public static bool IsRequest(ReadOnlySpan<byte> line)
    {
        var text = line.TrimStart((byte)' ');
        return !text.IsEmpty && text[0] != '#';
    }

    /// <summary>Runs one line, without its end.</summary>
    /// <returns>Why it failed; null: it did not. A refusal is shown like every reply, and is empty here.</returns>
    public async Task<string?> RunAsync(byte[] line, CancellationToken stop)
    {
        try
        {
            string[] words = Words(line);

            return words[0] switch
            {
                "await" => await AwaitAsync(words, stop),
                "expect" => Expect(words),
                _ => await AskAsync(line, stop),
            };
        }
        catch (ProtocolException error)
        {
            return error.Message;
        }
        catch (StoreException error)
        {
            return error.Message;
        }
    }

    private string[] Words(byte[] line)
    {
        var words = _splitter.Split(line);
        string[] texts = new string[words.Count];

        for (int index = 0; index < texts.Length; index++)
        {
            // Latin-1 keeps every byte as it is.
            texts[index] = Encoding.Latin1.GetString(words[index]);
        }

        return texts;
    }

    private async Task<string?> AskAsync(byte[] line, CancellationToken stop)
    {
        var reply = await client.AskRawAsync(RequestLine.AsTyped(line), screen.Show, stop);
        return reply.Error is null ? null : "";
    }

    private async Task<string?> AwaitAsync(string[] words, CancellationToken stop)
    {
        var limit = AwaitDefault;

        if (words.Length is < 3 or > 4 || (words.Length == 4 && !TryParseSeconds(words[3], out limit)))
        {
            throw ProtocolException.Syntax("it is: await KEY VALUE [SECONDS]");
        }

        byte[] key = Encoding.Latin1.GetBytes(words[1]);
        byte[] value = Encoding.Latin1.GetBytes(words[2]);
        var read = RequestLine.Of("read", key);
        long began = time.GetTimestamp();

        while (true)
        {
            var reply = await client.AskRawAsync(read, inOrder: null, stop);

            if (reply.Error is not null || IsValue(reply, value))
            {
                screen.Show(reply);
                return reply.Error is null ? null : "";
            }

            if (time.GetElapsedTime(began) >= limit)
            {
                return $"after {limit.TotalSeconds:0.###} s {Encoding.UTF8.GetString(key)} has not the value "
                    + $"{Encoding.UTF8.GetString(value)}: {Encoding.UTF8.GetString(reply.Lines[0].Bytes.Span)}";
            }

            await Task.Delay(LookAgainAfter, time, stop);
        }
    }

    private string? Expect(string[] words)
    {
        if (words.Length != 2)
        {
            throw ProtocolException.Syntax("it is: expect TEXT; a text with spaces stands between quotes");
        }

        string text = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(words[1]));
        return screen.HasShown(text) ? null : $"expected '{text}', and it was not shown since the last 'expect'";
    }

    private static bool IsValue(Reply reply, byte[] value) =>
        reply.Lines[0].Meaning is Response.Value(_, var data, _) && data.AsSpan().SequenceEqual(value);

    private static bool TryParseSeconds(string word, out TimeSpan seconds)
    {
        bool isNumber = double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            && number <= TimeSpan.FromDays(1).TotalSeconds;
        seconds = isNumber ? TimeSpan.FromSeconds(number) : default;
        return isNumber;
    }
}
