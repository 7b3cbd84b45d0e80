using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Client.Tests.Kit;

internal static class Versions
{
    public static WriteVersion Version(string text) =>
        WriteVersion.TryParse(Encoding.UTF8.GetBytes(text), out var version)
            ? version
            : throw new ArgumentException(text);

    /// <summary>Lines of a server as a client has read them.</summary>
    public static Reply Reply(params IEnumerable<string> lines) => new([.. lines.Select(Line)]);

    public static ReplyLine Line(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return new ReplyLine(bytes, new ResponseParser().Parse(bytes));
    }

    public static RequestLine Request(string line) => RequestLine.Parse(Encoding.UTF8.GetBytes(line));
}
