using System.Buffers.Text;
using System.Text;

namespace CausalStore.Protocol;

/// <summary>Words to <see cref="PeerMessage"/>, and back to a line.</summary>
public static class PeerMessageCodec
{
    /// <summary>Bytes in an INSTANCE or a cluster's name, at most.</summary>
    public const int InstanceBytesMax = 64;

    /// <summary>Whether a connection's first line makes it a server's.</summary>
    public static bool IsServerHello(ReadOnlySpan<byte> line) =>
        SkipWord(ref line, "hello "u8) && SkipWord(ref line, "server "u8);

    /// <exception cref="ProtocolException">The line is not one of these messages.</exception>
    public static PeerMessage Parse(Words words)
    {
        var verb = words[0];

        return verb switch
        {
            _ when verb.SequenceEqual("hello"u8) => Hello(words),
            _ when verb.SequenceEqual("copied"u8) => Copied(words),
            _ when verb.SequenceEqual("have"u8) => Whole(
                words, "have CONTEXT", new PeerMessage.Have(Context.Parse(words.Required(1, "the context")))),
            _ when verb.SequenceEqual("peer"u8) => Whole(
                words, "peer HOST PORT", new PeerMessage.Peer(Address(words, 1))),
            _ when verb.SequenceEqual("member"u8) => Whole(
                words, "member ID INSTANCE HOST PORT",
                new PeerMessage.Member(
                    Id(words, 1), Instance(words.Required(2, "the instance")), Address(words, 3))),
            _ when verb.SequenceEqual("forgotten"u8) => Whole(
                words, "forgotten ID", new PeerMessage.Forgotten(Id(words, 1))),
            _ when verb.SequenceEqual("join"u8) => Whole(words, "join", new PeerMessage.Join()),
            _ when verb.SequenceEqual("joined"u8) => Whole(words, "joined", new PeerMessage.Joined()),
            _ when verb.SequenceEqual("statement"u8) => Whole(
                words, "statement ID FORGOTTEN HELD",
                new PeerMessage.Statement(Id(words, 1), Ids(words, 2), Ranges(words, 3))),
            _ when verb.SequenceEqual("settled"u8) => Whole(
                words, "settled FORGOTTEN SURVIVORS",
                new PeerMessage.Settled(Ids(words, 1), Ranges(words, 2))),
            _ when verb.SequenceEqual("lost"u8) => Whole(
                words, "lost RANGES", new PeerMessage.LostBefore(Ranges(words, 1))),
            _ when verb.SequenceEqual("copy"u8) => Whole(
                words, "copy FORGOTTEN APPLIED LOST COUNT",
                new PeerMessage.Copy(
                    Ids(words, 1), Ranges(words, 2), Ranges(words, 3),
                    Number(words.Required(4, "the count")))),
            _ when verb.SequenceEqual("copied-all"u8) => Whole(
                words, "copied-all COUNT",
                new PeerMessage.CopiedAll(Number(words.Required(1, "the count")))),
            _ when verb.SequenceEqual("copy-after"u8) => Whole(
                words, "copy-after KEY", new PeerMessage.CopyAfter(words.Required(1, "the key").ToArray())),
            _ => throw new ProtocolException(
                ErrorCode.UnknownCommand, $"servers do not say '{Text(verb[..Math.Min(verb.Length, 40)])}'"),
        };
    }

    /// <summary>Appends the message as a line, with its LF.</summary>
    public static void Append(PeerMessage message, OutputBuffer output)
    {
        switch (message)
        {
            case PeerMessage.Hello hello:
                AppendHello(hello, output);
                break;
            case PeerMessage.Peer(var address):
                output.Append("peer "u8).AppendWord(address.Host).Space().Append(address.Port);
                break;
            case PeerMessage.Member(var id, string instance, var address):
                output.Append("member "u8).Append(id).Space().AppendWord(instance).Space()
                    .AppendWord(address.Host).Space().Append(address.Port);
                break;
            case PeerMessage.Forgotten(var id):
                output.Append("forgotten "u8).Append(id);
                break;
            case PeerMessage.Have(var context):
                output.Append("have "u8);
                context.AppendTo(output);
                break;
            case PeerMessage.Join:
                output.Append("join"u8);
                break;
            case PeerMessage.Joined:
                output.Append("joined"u8);
                break;
            case PeerMessage.Error(string text):
                output.Append("error "u8).Append(Quoting.OneLine(text));
                break;
            case PeerMessage.Statement(var id, var about, var held):
                output.Append("statement "u8).Append(id).Append($" {about} {WriteRange.Format(held)}");
                break;
            case PeerMessage.Settled(var about, var survivors):
                output.Append($"settled {about} {WriteRange.Format(survivors)}");
                break;
            case PeerMessage.LostBefore(var ranges):
                output.Append($"lost {WriteRange.Format(ranges)}");
                break;
            case PeerMessage.Copy(var forgotten, var applied, var lost, long count):
                output.Append($"copy {forgotten} {WriteRange.Format(applied)} {WriteRange.Format(lost)} ")
                    .Append(count);
                break;
            case PeerMessage.Copied copied:
                AppendCopied(copied.Version, copied.Key, copied.Value, copied.Value is null, output);
                return;
            case PeerMessage.CopiedAll(long count):
                output.Append("copied-all "u8).Append(count);
                break;
            case PeerMessage.CopyAfter(var key):
                output.Append("copy-after "u8).AppendWord(key);
                break;
        }

        output.EndLine();
    }

    /// <summary>Appends <see cref="PeerMessage.Copied"/> as a line, with its LF: there are as many as
    /// keys.</summary>
    public static void AppendCopied(
        WriteVersion version, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isTombstone,
        OutputBuffer output)
    {
        output.Append("copied "u8).Append(version).Append(isTombstone ? " delete "u8 : " write "u8)
            .AppendWord(key);

        if (!isTombstone)
        {
            output.Space().AppendWord(value);
        }

        output.EndLine();
    }

    public static string Format(PeerMessage message)
    {
        OutputBuffer output = new();
        Append(message, output);
        return Text(output.Written[..^1]);
    }

    private static bool SkipWord(ref ReadOnlySpan<byte> line, ReadOnlySpan<byte> wordAndSpace)
    {
        line = line.TrimStart((byte)' ');
        bool isThere = line.StartsWith(wordAndSpace);
        line = isThere ? line[wordAndSpace.Length..] : line;
        return isThere;
    }

    /// <summary>The message, if the line says nothing beyond it: a word that is passed over in silence may be
    /// one that mattered.</summary>
    private static PeerMessage Whole(Words words, string usage, PeerMessage message)
    {
        words.NoMoreThan(usage.Count(' ') + 1, usage);
        return message;
    }

    private static PeerMessage.Hello Hello(Words words)
    {
        const string Usage = "hello server ID INSTANCE CLUSTER PORT [WORD ...]";

        if (words.Count < 6 || !words[1].SequenceEqual("server"u8))
        {
            throw ProtocolException.Syntax($"it is: {Usage}");
        }

        var cluster = words[4];
        bool waiting = false;
        bool eventual = false;

        for (int index = 6; index < words.Count; index++)
        {
            waiting |= words[index].SequenceEqual("waiting"u8);
            eventual |= words[index].SequenceEqual("eventual"u8);
        }

        if (!ServerAddress.TryParse(words[5], defaultHost: "", out var listens))
        {
            throw ProtocolException.Syntax("PORT is a port, HOST:PORT, or 0 for one that does not listen");
        }

        return new PeerMessage.Hello(
            Id(words, 2), Instance(words[3]), cluster.SequenceEqual("-"u8) ? null : Instance(cluster),
            listens, waiting, eventual);
    }

    private static void AppendHello(PeerMessage.Hello hello, OutputBuffer output)
    {
        string port = hello.Listens.Host.Length == 0 ? $"{hello.Listens.Port}" : $"{hello.Listens}";
        output.Append("hello server "u8).Append(hello.Id).Space().AppendWord(hello.Instance).Space()
            .AppendWord(hello.Cluster ?? "-").Space().AppendWord(port)
            .Append(hello.Waiting ? " waiting"u8 : ""u8)
            .Append(hello.Eventual ? " eventual"u8 : ""u8);
    }

    private static PeerMessage.Copied Copied(Words words)
    {
        if (!WriteVersion.TryParse(words.Required(1, "the version"), out var version))
        {
            throw ProtocolException.Syntax("not a version; it looks like 5@2");
        }

        Operations operations = new(words, first: 2);

        if (!operations.MoveNext())
        {
            throw ProtocolException.Syntax("it is: copied VERSION write KEY VALUE | delete KEY");
        }

        var copied = operations.Current;
        words.NoMoreThan(copied.IsDelete ? 4 : 5, "copied VERSION write KEY VALUE | delete KEY");
        return new PeerMessage.Copied(
            version, copied.Key.ToArray(), copied.IsDelete ? null : copied.Value.ToArray());
    }


    private static ServerId Id(Words words, int index) =>
        ServerId.TryParse(words.Required(index, "the server's id"), out var id)
            ? id
            : throw ProtocolException.Syntax("a server's id is a number from 1 to 65535");

    private static string Instance(ReadOnlySpan<byte> word) =>
        word.Length is > 0 and <= InstanceBytesMax && Quoting.IsBare(word) && !word.SequenceEqual("-"u8)
            ? Text(word)
            : throw ProtocolException.Syntax(
                $"an instance or cluster name is a bare word of at most {InstanceBytesMax} bytes");

    private static ServerAddress Address(Words words, int index)
    {
        var host = words.Required(index, "the host");
        var port = words.Required(index + 1, "the port");

        if (!ServerAddress.IsHost(host))
        {
            throw ProtocolException.Syntax(
                $"a host is a bare word of at most {ServerAddress.HostBytesMax} bytes");
        }

        return !port.Contains((byte)':') && ServerAddress.TryParse(port, Text(host), out var address)
            ? address
            : throw ProtocolException.Syntax("a port is a number from 0 to 65535");
    }

    private static IdSet Ids(Words words, int index) =>
        IdSet.Parse(words.Required(index, "the set of forgotten servers"));

    private static IReadOnlyList<WriteRange> Ranges(Words words, int index) =>
        WriteRange.ParseList(words.Required(index, "a list of ranges"));

    private static long Number(ReadOnlySpan<byte> word) =>
        Utf8Parser.TryParse(word, out long number, out int used) && used == word.Length && number >= 0
            ? number
            : throw ProtocolException.Syntax("a count is a number");

    private static string Text(ReadOnlySpan<byte> word) => Encoding.UTF8.GetString(word);
}
