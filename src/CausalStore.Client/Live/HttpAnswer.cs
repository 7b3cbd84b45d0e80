using System.Text;

namespace CausalStore.Client.Live;

/// <summary>What a browser is answered.</summary>
internal sealed record HttpAnswer(string Status, string Type, string Body)
{
    // Only our own page reads it, and no other page shows it inside of itself.
    private const string Guard = "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
        + "Content-Security-Policy: frame-ancestors 'none'\r\nCross-Origin-Resource-Policy: same-origin\r\n"
        + "Referrer-Policy: no-referrer\r\nConnection: close\r\n";

    /// <summary>The head of an answer that goes on: events follow.</summary>
    public static ReadOnlyMemory<byte> EventsHead { get; } = Encoding.ASCII.GetBytes(
        $"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{Guard}\r\n");

    public static HttpAnswer Page(string html) => new("200 OK", "text/html; charset=utf-8", html);

    public static HttpAnswer Done() => new("200 OK", "text/plain; charset=utf-8", "");

    public static HttpAnswer Refused(string status, string why) =>
        new(status, "text/plain; charset=utf-8", why);

    public byte[] ToBytes()
    {
        byte[] body = Encoding.UTF8.GetBytes(Body);
        string head = $"HTTP/1.1 {Status}\r\nContent-Type: {Type}\r\n"
            + $"Content-Length: {body.Length}\r\n{Guard}\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }
}
