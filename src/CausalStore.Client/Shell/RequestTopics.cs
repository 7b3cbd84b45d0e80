namespace CausalStore.Client.Shell;

/// <summary>What <c>help</c> tells about each request, in groups.</summary>
internal static class RequestTopics
{
    public static IReadOnlyList<(string Heading, Topic[] Topics)> Groups { get; } =
    [
        ("Read and write",
        [
            new("read", "read KEY [KEY ...]", "what the keys hold, all at one moment",
                """
                Several keys are one snapshot: no write is seen by half. What is shown counts as seen:
                what you write from now on depends on it, here and everywhere.

                  read x
                  read x y z
                """),
            new("write", "write KEY VALUE", "a value with spaces stands \"between quotes\"",
                """
                Answered when it is safe here; the other servers get it in the background. It depends on
                all that this session has seen, and no server shows it before that. Several in one line
                are one atomic write: seen whole or not at all, everywhere.

                  write x lost
                  write greeting "good evening"
                  write from 40 write to 60 delete lock
                """),
            new("delete", "delete KEY", "several in one line are one write, seen whole",
                """
                A delete has a version, travels and is depended on like any other write. A deleted key
                never comes back by itself.

                  delete x
                """),
            new("scan", "scan PREFIX [LIMIT [AFTER]]", "every key that begins so; \"\" is all of them",
                """
                One snapshot, in order, 10,000 keys at most; what it shows counts as seen. Go on behind
                the last key that was shown:

                  scan user:
                  scan user: 100 user:bob
                """),
            new("watch", "watch PREFIX, unwatch PREFIX", "show changes as they come; they count as seen",
                """
                Every change under the prefix is shown as it comes, causes before effects. At this prompt
                everything is watched from the beginning: 'unwatch ""' ends that, and 'watch user:' shows
                less.

                  unwatch ""
                  watch user:
                """),
        ]),
        ("See causality",
        [
            new("context", "context [CONTEXT]", "what this session depends on, or is to",
                """
                Alone it tells what this session has seen and depends on. With a context, this server
                waits until it has all of it (5 s), and the session goes on from there: so you move to
                another server and never go back in time.

                  context
                  context 7@1,9@2
                """),
            new("pending", "pending", "writes that wait here for what they need",
                """
                Each has arrived here and is not shown, because a write that its writer had seen is not
                here yet. NEEDS names what is missing. 'why' tells more about one.
                """),
            new("why", "why KEY, why VERSION", "what it waits for, down to the root",
                """
                Follows what a write needs, and what that needs, to the one that has not come, and tells
                what the connection to its origin does.

                  why z
                  why 3@2
                """),
            new("history", "history KEY, conflicts", "which write lost to which, and unseen by whom",
                """
                The last versions of a key that this server has seen: the greatest wins. 'seen' says that
                the winner's writer knew the one that lost; 'unseen', that they were concurrent. 'conflicts'
                counts and lists what was overwritten unseen of late, whatever the key.

                  history z
                  conflicts
                """),
            new("trace", "trace", "show what happens at this server, from now on",
                """
                Every write that it accepts, sends, receives, delays and applies, as a line of JSON:
                docs/traces.md says how to read it, 'watch-ui' draws it in a browser while it happens.
                It ends with the connection.
                """),
            new("await", "await KEY VALUE [SECONDS]", "read until the key has the value (10 s)",
                """
                For scripts, and for watching something arrive. Ctrl-C stops waiting.

                  await y found 30
                """),
            new("final", "final read KEY, final scan ...", "what all servers must agree on at the end",
                """
                Says that nobody writes any more and everything has arrived. For sessions that are
                recorded ('--record') and judged ('check'). This session writes no more.

                  final scan ""
                """),
            new("expect", "expect TEXT", "fail unless that was just shown",
                """
                For scripts: it must have been shown since the last 'expect', so that a row of them checks
                an order.

                  expect "update y found"
                """),
        ]),
        ("Servers and links",
        [
            new("status", "status, members, ping", "about this server, and about the cluster",
                """
                'status' has the server's clock, its keys, what is applied and delayed, and its links.
                'members' lists the cluster. 'CausalStore.Client top' shows all servers, all the time.
                """),
            new("link", "link SERVER cut, delay MS, heal", "disturb what this server sends to that one",
                """
                Disturbs, on purpose, what this server sends to another one; needs '--allow-faults' at its
                start. Nothing is lost and the order stays. The other direction is that server's: ask it.

                  link 3 cut            hold everything
                  link 3 delay 2000     let it go two seconds late
                  link 3 step 1         let one held write go
                  link 3 heal           let go all that is held
                """),
            new("forget", "forget SERVER", "that server is gone for good",
                """
                Stop that server first. Every member is told and takes nothing more from it; what one of
                them has of its writes, all get. What none has is lost and is reported, and so is what
                waits for that. The id is never used again. There is no way back.

                  forget 4
                """),
        ]),
    ];

    /// <summary>Names under which a topic is found that has another name.</summary>
    public static IReadOnlyDictionary<string, string> Others { get; } = new Dictionary<string, string>
    {
        ["unwatch"] = "watch",
        ["conflicts"] = "history",
        ["members"] = "status",
        ["ping"] = "status",
        ["?"] = "help",
    };
}
