using System.Buffers.Text;
using System.Text;

namespace CausalStore.Protocol;

/// <summary>A server's line to a <see cref="Response"/>; what fits no other case is a
/// <see cref="Response.Text"/>.</summary>
public sealed class ResponseParser
{
    private readonly WordSplitter _splitter = new();

    /// <param name="line">Without its LF.</param>
    /// <exception cref="ProtocolException">The words cannot be told apart.</exception>
    public Response Parse(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("error "u8))
        {
            return Error(line["error "u8.Length..]);
        }

        if (line.StartsWith("traced "u8))
        {
            return new Response.Traced(Text(line["traced "u8.Length..]));
        }

        int space = line.IndexOf((byte)' ');

        // What is made for people need not be words: a path in it may have a quote.
        return IsForPrograms(space < 0 ? line : line[..space])
            ? Known(_splitter.Split(line)) ?? new Response.Text(Text(line))
            : new Response.Text(Text(line));
    }

    private static bool IsForPrograms(ReadOnlySpan<byte> verb) =>
        verb.SequenceEqual("value"u8) || verb.SequenceEqual("ok"u8) || verb.SequenceEqual("missing"u8)
        || verb.SequenceEqual("update"u8) || verb.SequenceEqual("removed"u8) || verb.SequenceEqual("end"u8)
        || verb.SequenceEqual("context"u8) || verb.SequenceEqual("welcome"u8) || verb.SequenceEqual("pong"u8);

    private static Response.Error Error(ReadOnlySpan<byte> rest)
    {
        int space = rest.IndexOf((byte)' ');
        var code = space < 0 ? rest : rest[..space];
        var text = space < 0 ? [] : rest[(space + 1)..];
        return new Response.Error(ErrorCodes.FromName(Text(code)), Text(text));
    }

    private static Response? Known(Words words)
    {
        var verb = words[0];

        return words.Count switch
        {
            1 when verb.SequenceEqual("ok"u8) => new Response.Ok(null),
            1 when verb.SequenceEqual("pong"u8) => new Response.Pong(),
            2 when verb.SequenceEqual("ok"u8) && WriteVersion.TryParse(words[1], out var version) =>
                new Response.Ok(version),
            2 when verb.SequenceEqual("missing"u8) => new Response.Missing(words[1].ToArray(), null),
            2 when verb.SequenceEqual("context"u8) && Context.TryParse(words[1], out var context) =>
                new Response.Seen(context),
            2 when verb.SequenceEqual("end"u8)
                && Utf8Parser.TryParse(words[1], out long count, out int used) && used == words[1].Length =>
                new Response.End(count),
            3 when verb.SequenceEqual("missing"u8) && WriteVersion.TryParse(words[2], out var version) =>
                new Response.Missing(words[1].ToArray(), version),
            3 when verb.SequenceEqual("removed"u8) && WriteVersion.TryParse(words[2], out var version) =>
                new Response.Removed(words[1].ToArray(), version),
            3 when verb.SequenceEqual("welcome"u8) && ServerId.TryParse(words[1], out var server) =>
                new Response.Welcome(server, words[2].SequenceEqual("-"u8) ? null : Text(words[2])),
            4 when verb.SequenceEqual("value"u8) && WriteVersion.TryParse(words[3], out var version) =>
                new Response.Value(words[1].ToArray(), words[2].ToArray(), version),
            4 when verb.SequenceEqual("update"u8) && WriteVersion.TryParse(words[3], out var version) =>
                new Response.Update(words[1].ToArray(), words[2].ToArray(), version),
            _ => null,
        };
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
