using System.Text;

namespace CausalStore.Client.Live;

/// <summary>One request of a browser: its first line, its headers by their lower-case names, its
/// body.</summary>
internal sealed record HttpRequest(
    string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    private const int HeadBytesMax = 16 * 1024;
    private const int BodyBytesMax = 1024;

    public string Header(string name) => Headers.GetValueOrDefault(name, "");

    /// <summary>Null: it is none, or too long, or the other side has gone.</summary>
    public static async Task<HttpRequest?> ReadAsync(Stream stream, CancellationToken stop)
    {
        byte[] bytes = new byte[HeadBytesMax + BodyBytesMax];
        int count = 0;
        int end;

        while ((end = bytes.AsSpan(0, count).IndexOf("\r\n\r\n"u8)) < 0)
        {
            int read = count < HeadBytesMax ? await stream.ReadAsync(bytes.AsMemory(count), stop) : 0;

            if (read == 0)
            {
                return null;
            }

            count += read;
        }

        if (Head(Encoding.UTF8.GetString(bytes, 0, end)) is not { } request
            || !int.TryParse(request.Headers.GetValueOrDefault("content-length", "0"), out int length)
            || length is < 0 or > BodyBytesMax)
        {
            return null;
        }

        byte[] body = new byte[length];
        int early = Math.Min(count - end - 4, length);
        bytes.AsSpan(end + 4, early).CopyTo(body);
        await stream.ReadExactlyAsync(body.AsMemory(early), stop);
        return request with { Body = Encoding.UTF8.GetString(body) };
    }

    private static HttpRequest? Head(string text)
    {
        string[] lines = text.Split("\r\n");

        if (lines[0].Split(' ') is not [var method, var path, "HTTP/1.1" or "HTTP/1.0"])
        {
            return null;
        }

        Dictionary<string, string> headers = [];

        foreach (string line in lines[1..])
        {
            int colon = line.IndexOf(':');

            // One that comes twice is not the one that is looked at.
            if (colon <= 0 || !headers.TryAdd(line[..colon].ToLowerInvariant(), line[(colon + 1)..].Trim()))
            {
                return null;
            }
        }

        return new HttpRequest(method, path.Split('?')[0], headers, Body: "");
    }
}
