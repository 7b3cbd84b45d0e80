namespace CausalStore.Client.Shell;

/// <summary>What <c>help</c> explains that is no request.</summary>
internal static class Explanations
{
    public static IReadOnlyList<Topic> All { get; } =
    [
        new("causality", null, "why nobody sees an effect before its cause",
            """
            Every server has a full copy. Reading and writing is local and at once; writes travel to the
            other servers in the background, some ways faster than others.

            Alice loses her ring and writes 'x = lost' at server 1, then 'y = found'. Bob, at server 2,
            reads y and writes 'z = glad'. The way from 1 to 3 is slow just then: at server 3, z arrives
            before y. Shown at once, Carol would read that Bob is glad, and that the ring is lost.

            So a write carries what its writer had seen: z needs y. Server 3 holds z back, with a note
            of what is missing, and shows y and then z when y comes. Only z waits. Who writes without
            having seen y, at whatever server, depends on nothing of it, and nothing of theirs waits.

            Play it: 'help faults' makes a link slow, 'pending' and 'why z' at server 3 show what waits
            and why.
            """),
        new("sessions", null, "what counts as seen, and how to move to another server",
            """
            This prompt is a session. What is read, scanned, shown as a change or offered by Tab counts
            as seen. What you write depends on all of it. 'context' tells what that is; what every
            server has anyway is left out, so '-' can be right.

            A session reads its own writes and never goes back in time. Started with several '--server',
            it moves by itself when one is lost, and takes its context along. By hand: 'context' here,
            'context ...' there.
            """),
        new("versions", null, "what 5@2 means, and which of two writes wins",
            """
            5@2 is the write that server 2 accepted at its logical time 5 (a Lamport timestamp). A write
            that comes causally later always has the greater version. Of two writes of one key the
            greater version wins, everywhere the same; of two that knew nothing of each other, that is
            as good as chance.

            Never conclude from versions that something has arrived: a server that has 5@2 may lack 2@1.
            """),
        new("faults", null, "making links slow or cutting them, to see what happens",
            """
            Start the servers with '--allow-faults'. Then, at Alice's prompt (server 1):

              write x lost
              link 3 delay 60000     what server 1 sends to 3 is a minute late
              write y found

            at Bob's (server 2) 'read y' and 'write z glad', and at Carol's (server 3):

              pending                z is there and waits
              why z                  ... for y, which server 1 has not sent
              read z                 nothing yet

            Alice's 'link 3 heal' lets y go: Carol sees y, and then z.
            """),
        new("typing", null, "the keys of this prompt",
            """
              Tab                    complete a request, a key of the store, a server
              Up, Down               earlier lines that begin with what is typed
              Ctrl-R                 an earlier line with what is typed anywhere in it
              Ctrl-Left, Ctrl-Right  by words (or Alt-B, Alt-F)
              Ctrl-A, Ctrl-E         to the beginning, to the end
              Ctrl-W, Ctrl-U, Ctrl-K take away a word, all before, all behind; Ctrl-Y brings it back
              Ctrl-L                 clear the screen
              Ctrl-C                 throw the line away; stop a request; on an empty line, leave
              Ctrl-D                 on an empty line, leave

            Lines are kept from one session to the next, but for those that begin with a space
            ('--history FILE' says where, '--no-history' keeps none).
            """),
    ];
}
