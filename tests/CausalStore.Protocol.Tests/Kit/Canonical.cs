namespace CausalStore.Protocol.Tests.Kit;

/// <summary>Messages back to the line that says them: the side that the sources do not need.</summary>
internal static class Canonical
{
    /// <summary>A client's line, read and written again.</summary>
    public static string OfRequest(string line) => Wire.Written(output =>
    {
        var words = new WordSplitter().Split(Wire.Bytes(line));

        if (Operations.IsVerb(words[0]))
        {
            Operations.Validate(words, first: 0);
            new Operations(words, first: 0).AppendTo(output);
        }
        else if (words[0].SequenceEqual("read"u8))
        {
            AppendRead(output, words);
        }
        else
        {
            Append(output, RequestParser.Parse(words));
        }
    });

    /// <summary>A server's line to a client, read and written again.</summary>
    public static string OfResponse(Response response) => Wire.Written(output =>
    {
        switch (response)
        {
            case Response.Welcome(var server, var cluster):
                ResponseWriter.Welcome(output, server, cluster);
                break;
            case Response.Ok(null):
                ResponseWriter.Ok(output);
                break;
            case Response.Ok({ } version):
                ResponseWriter.Ok(output, version);
                break;
            case Response.Value(var key, var data, var version):
                ResponseWriter.Value(output, key, data, version);
                break;
            case Response.Missing(var key, null):
                ResponseWriter.Missing(output, key);
                break;
            case Response.Missing(var key, { } version):
                ResponseWriter.Missing(output, key, version);
                break;
            case Response.Update(var key, var data, var version):
                ResponseWriter.Update(output, key, data, version);
                break;
            case Response.Removed(var key, var version):
                ResponseWriter.Removed(output, key, version);
                break;
            case Response.Traced(string json):
                ResponseWriter.Traced(output, Wire.Bytes(json));
                break;
            case Response.Seen(var context):
                ResponseWriter.Seen(output, context);
                break;
            case Response.End(long count):
                ResponseWriter.End(output, count);
                break;
            case Response.Pong:
                ResponseWriter.Pong(output);
                break;
            case Response.Error(var code, string reason):
                ResponseWriter.Error(output, code, reason);
                break;
            case Response.Text(string line):
                output.Append(line).EndLine();
                break;
        }
    }).TrimEnd('\n');

    /// <summary>A line between servers, read and written again.</summary>
    public static string OfPeer(string line)
    {
        if (line.StartsWith("error ", StringComparison.Ordinal))
        {
            return PeerMessageCodec.Format(new PeerMessage.Error(line["error ".Length..]));
        }

        return line.StartsWith("replicate ", StringComparison.Ordinal)
            ? $"{Wire.Write(line)}"
            : PeerMessageCodec.Format(Wire.Peer(line));
    }

    private static void AppendRead(OutputBuffer output, Words words)
    {
        words.Required(1, "the key to read");
        output.Append("read"u8);

        for (int index = 1; index < words.Count; index++)
        {
            output.Space().AppendWord(Operations.CheckedKey(words[index]));
        }
    }

    private static void Append(OutputBuffer output, Request request)
    {
        switch (request)
        {
            case Request.Hello(string name, var cluster):
                output.Append("hello client "u8).AppendWord(name);
                AppendIf(cluster is not null, output, cluster ?? "");
                break;
            case Request.Scan scan:
                output.Append("scan "u8).AppendWord(scan.Prefix);
                bool isLimited = scan.Limit != Request.Scan.LimitMax || scan.After is not null;
                AppendIf(isLimited, output, $"{scan.Limit}");
                AppendIf(scan.After is not null, output, Wire.Text(scan.After));
                break;
            case Request.Watch(byte[] prefix):
                output.Append("watch "u8).AppendWord(prefix);
                break;
            case Request.Unwatch(byte[] prefix):
                output.Append("unwatch "u8).AppendWord(prefix);
                break;
            case Request.SetContext(var context):
                output.Append($"context {context}");
                break;
            case Request.Why(byte[] subject):
                output.Append("why "u8).AppendWord(subject);
                break;
            case Request.History(byte[] key):
                output.Append("history "u8).AppendWord(key);
                break;
            case Request.Link(var server, var action, int amount):
                output.Append($"link {server} {action.ToString().ToLowerInvariant()}");
                AppendIf(action is LinkAction.Delay || amount > 1, output, $"{amount}");
                break;
            case Request.Forget(var server):
                output.Append($"forget {server}");
                break;
            case Request.GetContext:
                output.Append("context");
                break;
            default:
                output.Append(request.GetType().Name.ToLowerInvariant());
                break;
        }
    }

    private static void AppendIf(bool isThere, OutputBuffer output, string word)
    {
        if (isThere)
        {
            output.Space().AppendWord(word);
        }
    }
}
