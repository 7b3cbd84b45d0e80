namespace CausalStore.Client.Shell;

/// <summary>The requests, for people.</summary>
internal static class Help
{
    private static readonly string[] Lines =
    [
        "read KEY [KEY ...]              what the keys hold, all at one moment",
        "write KEY VALUE                 \"a value with spaces\" stands between quotes",
        "delete KEY",
        "write K V write K V delete K    several at once: seen whole or not at all",
        "scan PREFIX [LIMIT [AFTER]]     every key that begins so; \"\" is all of them",
        "watch PREFIX, unwatch PREFIX    show changes as they come, or no longer; they count as seen",
        "await KEY VALUE [SECONDS]       read until the key has the value (10 s)",
        "expect TEXT                     fail unless that was shown since the last 'expect'",
        "final read KEY, final scan ...  when nothing is written any more: what all servers must agree on",
        "context                         what this session has seen and depends on",
        "context CONTEXT                 go on from there, once the server has all of it",
        "pending                         writes that wait here for what they need",
        "why KEY, why VERSION            what it waits for, down to the root",
        "history KEY                     its last versions, and which one lost to which; had it been seen?",
        "conflicts                       what was overwritten by somebody who had not seen it",
        "status, members                 about this server, and about the cluster",
        "link SERVER cut                 hold what this server sends to another (with --allow-faults);",
        "link SERVER delay MILLISECONDS  or delay it; 'link SERVER heal' lets it go, 'step N' so many writes",
        "forget SERVER                   that server is gone for good",
        "ping, quit",
    ];

    public static void Print(Screen screen)
    {
        foreach (string line in Lines)
        {
            screen.Print(line);
        }
    }
}
