using System.Text;

namespace CausalStore.Protocol.Tests.Kit;

/// <summary>Lines as tests write them: strings in, strings out.</summary>
internal static class Wire
{
    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    /// <summary>The words of a line.</summary>
    public static string[] Split(string line) => [.. Split(Bytes(line)).Select(word => Text(word))];

    public static byte[][] Split(byte[] line)
    {
        var words = new WordSplitter().Split(line);
        var copies = new byte[words.Count][];

        for (int index = 0; index < words.Count; index++)
        {
            copies[index] = words[index].ToArray();
        }

        return copies;
    }

    public static Request Request(string line) => RequestParser.Parse(new WordSplitter().Split(Bytes(line)));

    public static PeerMessage Peer(string line) =>
        PeerMessageCodec.Parse(new WordSplitter().Split(Bytes(line)));

    public static Response Response(string line) => new ResponseParser().Parse(Bytes(line));

    public static Write Write(string line) =>
        Protocol.Write.Parse(new WordSplitter().Split(Bytes(line)), scratch: new());

    public static WriteVersion Version(string word) =>
        WriteVersion.TryParse(Bytes(word), out var version) ? version : throw new ArgumentException(word);

    /// <summary>What is appended, as text.</summary>
    public static string Written(Action<OutputBuffer> append)
    {
        OutputBuffer output = new();
        append(output);
        return Text(output.Written);
    }

    /// <summary>The text of the refusal, which has that code.</summary>
    public static string Refused(ErrorCode code, Action act)
    {
        var refused = Assert.Throws<ProtocolException>(act);

        Assert.Equal(code, refused.Code);
        return refused.Message;
    }
}
