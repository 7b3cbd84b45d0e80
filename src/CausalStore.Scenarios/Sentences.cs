using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Scenarios;

/// <summary>What people are told of a step: no times, no addresses, so that it is the same wherever the
/// scenario is played.</summary>
internal static class Sentences
{
    public static string Of(Step.Servers servers)
    {
        string who = servers.Count == 1
            ? "server 1 is a cluster"
            : $"servers 1 to {servers.Count} are one cluster";
        string order = servers.Consistency == Consistency.Eventual
            ? ", and do not keep causes before effects (eventual)"
            : "";
        string relay = servers.RelayAfter > TimeSpan.Zero
            ? $"; what one of them has lacked for {Of(servers.RelayAfter)} comes from whoever has it"
            : "";
        return who + order + relay;
    }

    public static string Of(IReadOnlyList<Arrow> arrows, LinkAction action, TimeSpan delay)
    {
        string what = arrows.Count == 2
            ? $"what servers {arrows[0].From} and {arrows[0].To} send to each other"
            : $"what server {arrows[0].From} sends to server {arrows[0].To}";

        return action switch
        {
            LinkAction.Cut => $"{what} is held from now on",
            LinkAction.Heal => $"{what} goes through again",
            _ => $"{what} takes {Of(delay)} from now on",
        };
    }

    public static string Of(
        string client, int server, ClientRequest request, IReadOnlyList<Response> reply) =>
        (request.Verb, reply[0]) switch
        {
            (_, Response.Error error) => Refused(client, server, error),
            (RequestVerb.Write, Response.Ok(var version)) =>
                $"{client}, at server {server}, {Changes(request)}: {version}",
            (RequestVerb.Watch, _) => $"{client}, at server {server}, watches {Prefix(request)}",
            (RequestVerb.Unwatch, _) => $"{client}, at server {server}, no longer watches {Prefix(request)}",
            _ => $"{client}, at server {server}, reads {Shown(reply)}",
        };

    public static string Moved(string client, int server, Context seen, bool withContext) =>
        $"{client} goes on at server {server}" + (!withContext ? ", as if nothing had been seen before"
            : seen.IsEmpty ? "" : $", and has seen {seen}");

    public static string Refused(string client, int server, Response.Error error) => error.Code switch
    {
        ErrorCode.NotYet =>
            $"server {server} lacks something that {client} has seen, and does not let {client} go on",
        ErrorCode.Unavailable => $"server {server} is no member yet, and shows {client} nothing",
        _ => $"server {server} refuses {client}: {error.Code.Name()}",
    };

    /// <summary>What a reply or pushes show, without its end.</summary>
    public static string Shown(IEnumerable<Response> lines)
    {
        string[] parts = [.. lines.Where(line => line is not Response.End).Select(Shown)];
        return parts.Length == 0 ? "nothing" : string.Join(", ", parts);
    }

    public static string Of(TimeSpan time) => time.TotalMinutes >= 1 && time.Seconds == 0
        ? $"{time.TotalMinutes:0.##} min"
        : $"{time.TotalSeconds:0.###} s";

    /// <summary>A key or a value as it would be typed.</summary>
    public static string Word(string word)
    {
        OutputBuffer output = new();
        return Encoding.UTF8.GetString(output.AppendWord(word).Written);
    }

    public static string Word(ReadOnlySpan<byte> word) => Word(Encoding.UTF8.GetString(word));

    private static string Shown(Response line) => line switch
    {
        Response.Value(var key, var value, var version) => $"{Word(key)} = {Word(value)} ({version})",
        Response.Missing(var key, _) => $"{Word(key)} missing",
        Response.Update(var key, var value, var version) => $"{Word(key)} = {Word(value)} ({version})",
        Response.Removed(var key, var version) => $"{Word(key)} removed ({version})",
        _ => $"{line}",
    };

    /// <summary>What a write that waits does: <c>z = glad</c>.</summary>
    public static string Waiting(ClientRequest write) =>
        string.Join(", ", write.Changes.Select(change => change.Value is { } value
            ? $"{Word(change.Key)} = {Word(value)}"
            : $"the delete of {Word(change.Key)}"));

    private static string Changes(ClientRequest request)
    {
        string[] writes =
        [
            .. request.Changes.Where(change => change.Value is not null)
                .Select(change => $"{Word(change.Key)} = {Word(change.Value!)}"),
        ];
        string[] deletes =
            [.. request.Changes.Where(change => change.Value is null).Select(change => Word(change.Key))];
        string[] both =
        [
            .. writes.Length > 0 ? [$"writes {string.Join(", ", writes)}"] : (string[])[],
            .. deletes.Length > 0 ? [$"deletes {string.Join(", ", deletes)}"] : (string[])[],
        ];
        return string.Join(" and ", both) + (request.Changes.Count > 1 ? " at once" : "");
    }

    private static string Prefix(ClientRequest request) => request.Keys[0].Length == 0
        ? "everything"
        : $"what begins with {Word(request.Keys[0])}";
}
