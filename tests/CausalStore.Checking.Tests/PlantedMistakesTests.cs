namespace CausalStore.Checking.Tests;

// What sessions see of a store with one of the mistakes that stores are known to make: the smallest run that
// shows it. The same run, had the store not made the mistake, holds.
public sealed class PlantedMistakesTests
{
    private const string Post = """
        {"session":"alice","ops":[["w","x","lost","1@1"]]}
        {"session":"alice","ops":[["w","y","found","2@1"]]}
        {"session":"bob","ops":[["r","y","found","2@1"]]}
        {"session":"bob","ops":[["w","z","glad","3@2"]]}

        """;

    /// <summary>The mistake, what is seen of it, and which promise that breaks.</summary>
    public static TheoryData<string, string, Promises> Mistakes => new()
    {
        {
            "the original program: z is shown at once and y, its cause, is held back",
            Post + """
                {"session":"carol","ops":[["r","x","lost","1@1"]]}
                {"session":"carol","ops":[["r","z","glad","3@2"]]}
                {"session":"carol","ops":[["r","y",null,null]]}
                {"session":"carol","ops":[["r","y","found","2@1"]]}
                """,
            Promises.CausalConsistency
        },
        {
            "nothing is waited for",
            Post + """
                {"session":"carol","ops":[["r","z","glad","3@2"],["r","y",null,null]]}
                """,
            Promises.SnapshotReads
        },
        {
            "only the order of each origin is kept, and a scan shows it",
            Post + """
                {"session":"carol","ops":[["s","",[["x","lost","1@1"],["z","glad","3@2"]]]]}
                """,
            Promises.WritesFollowReads
        },
        {
            "only the session's own writes are waited for: what it had read is not",
            """
            {"session":"alice","ops":[["w","y","found","1@1"]]}
            {"session":"bob","ops":[["r","y","found","1@1"]]}
            {"session":"bob","ops":[["w","u","1","2@2"]]}
            {"session":"bob","ops":[["w","z","glad","3@2"]]}
            {"session":"carol","ops":[["r","z","glad","3@2"]]}
            {"session":"carol","ops":[["r","u","1","2@2"]]}
            {"session":"carol","ops":[["r","y",null,null]]}
            """,
            Promises.WritesFollowReads
        },
        {
            "a key's greater version is taken for the one that is needed",
            """
            {"session":"one","ops":[["w","a","1","1@1"]]}
            {"session":"one","ops":[["w","x","1","2@1"]]}
            {"session":"two","ops":[["w","x","2","5@2"]]}
            {"session":"bob","ops":[["r","x","1","2@1"]]}
            {"session":"bob","ops":[["w","z","1","6@3"]]}
            {"session":"carol","ops":[["r","x","2","5@2"]]}
            {"session":"carol","ops":[["r","z","1","6@3"]]}
            {"session":"carol","ops":[["r","a",null,null]]}
            """,
            Promises.CausalConsistency
        },
        {
            "a push does not count as read",
            """
            {"session":"alice","ops":[["w","y","found","1@1"]]}
            {"session":"bob","ops":[["p","y","found","1@1"]]}
            {"session":"bob","ops":[["w","z","glad","2@2"]]}
            {"session":"carol","ops":[["r","z","glad","2@2"]]}
            {"session":"carol","ops":[["r","y",null,null]]}
            """,
            Promises.WritesFollowReads
        },
        {
            "a session moves to another server without its context",
            """
            {"session":"alice","ops":[["w","x","1","1@1"]]}
            {"session":"alice","ops":[["r","x",null,null]]}
            """,
            Promises.ReadYourWrites
        },
        {
            "a server comes back with an old state",
            """
            {"session":"alice","ops":[["w","x","1","1@1"]]}
            {"session":"alice","ops":[["w","x","2","2@1"]]}
            {"session":"bob","ops":[["r","x","2","2@1"]]}
            {"session":"bob","ops":[["r","x","1","1@1"]]}
            """,
            Promises.MonotonicReads
        },
        {
            "the writes of a session are shown in another order",
            """
            {"session":"alice","ops":[["w","x","1","1@1"]]}
            {"session":"alice","ops":[["w","y","1","2@1"]]}
            {"session":"bob","ops":[["r","y","1","2@1"]]}
            {"session":"bob","ops":[["r","x",null,null]]}
            """,
            Promises.MonotonicWrites
        },
        {
            "an atomic write is torn",
            """
            {"session":"alice","ops":[["w","from","40","1@1"],["w","to","60","1@1"]]}
            {"session":"bob","ops":[["r","from","40","1@1"],["r","to",null,null]]}
            """,
            Promises.AtomicVisibility
        },
        {
            "the keys of one read are read at different moments",
            """
            {"session":"alice","ops":[["w","x","1","1@1"]]}
            {"session":"alice","ops":[["w","x","2","2@1"]]}
            {"session":"alice","ops":[["w","y","2","3@1"]]}
            {"session":"bob","ops":[["r","x","1","1@1"],["r","y","2","3@1"]]}
            """,
            Promises.SnapshotReads
        },
        {
            "the last to arrive wins",
            """
            {"session":"a","ops":[["w","x","1","1@1"]]}
            {"session":"b","ops":[["w","x","2","1@2"]]}
            {"session":"c","ops":[["r","x","1","1@1"]]}
            {"session":"c","ops":[["r","x","2","1@2"]]}
            {"session":"d","ops":[["r","x","2","1@2"]]}
            {"session":"d","ops":[["r","x","1","1@1"]]}
            """,
            Promises.CausalConvergence
        },
        {
            "a tie is broken by chance, and the servers differ for ever",
            """
            {"session":"a","ops":[["w","x","1","5@1"]]}
            {"session":"b","ops":[["w","x","2","5@2"]]}
            {"session":"c","ops":[["r","x","1","5@1"]],"final":true}
            {"session":"d","ops":[["r","x","2","5@2"]],"final":true}
            """,
            Promises.Convergence
        },
        {
            "a tie is broken for the smaller server, everywhere",
            """
            {"session":"a","ops":[["w","x","1","5@1"]]}
            {"session":"b","ops":[["w","x","2","5@2"]]}
            {"session":"c","ops":[["r","x","1","5@1"]],"final":true}
            """,
            Promises.Versions
        },
        {
            "the clock is not raised by what is received",
            """
            {"session":"alice","ops":[["w","x","1","5@1"]]}
            {"session":"bob","ops":[["r","x","1","5@1"]]}
            {"session":"bob","ops":[["w","x","2","1@2"]]}
            """,
            Promises.Versions
        },
        {
            "and so an answer loses against what it answers",
            """
            {"session":"alice","ops":[["w","x","1","5@1"]]}
            {"session":"bob","ops":[["r","x","1","5@1"]]}
            {"session":"bob","ops":[["w","x","2","1@2"]]}
            {"session":"bob","ops":[["r","x","1","5@1"]]}
            """,
            Promises.ReadYourWrites
        },
        {
            "a version is used again after a restart",
            """
            {"session":"alice","ops":[["w","x","1","1@1"]]}
            {"session":"bob","ops":[["w","y","1","1@1"]]}
            """,
            Promises.Versions
        },
        {
            "a tombstone goes too early, and an older write brings the key back",
            """
            {"session":"a","ops":[["w","x","1","1@1"]]}
            {"session":"b","ops":[["r","x","1","1@1"]]}
            {"session":"b","ops":[["d","x","2@2"]]}
            {"session":"b","ops":[["r","x",null,"2@2"]]}
            {"session":"b","ops":[["r","x","1","1@1"]]}
            """,
            Promises.CausalConsistency
        },
        {
            "the delay queue is lost at a restart",
            Post + """
                {"session":"a","ops":[["r","z","glad","3@2"]],"final":true}
                {"session":"c","ops":[["r","z",null,null]],"final":true}
                """,
            Promises.Convergence
        },
        {
            "an acknowledged write is lost everywhere",
            """
            {"session":"alice","ops":[["w","x","1","1@1"]]}
            {"session":"c","ops":[["r","x",null,null]],"final":true}
            {"session":"d","ops":[["r","x",null,null]],"final":true}
            """,
            Promises.Convergence
        },
        {
            "a write that comes twice is applied over a newer one",
            """
            {"session":"alice","ops":[["w","x","1","1@1"]]}
            {"session":"alice","ops":[["w","x","2","2@1"]]}
            {"session":"c","ops":[["r","x","1","1@1"]],"final":true}
            """,
            Promises.Convergence
        },
        {
            "a value is made up",
            """
            {"session":"alice","ops":[["w","x","1","1@1"]]}
            {"session":"bob","ops":[["r","x","7","1@1"]]}
            """,
            Promises.CausalConsistency
        },
        {
            "a half-made value is shown",
            """
            {"session":"alice","ops":[["w","x","1","1@1"],["w","x","2","1@1"]]}
            {"session":"bob","ops":[["r","x","1","1@1"]]}
            """,
            Promises.AtomicVisibility
        },
        {
            "effects are shown before their causes, in a circle",
            """
            {"session":"alice","ops":[["r","y","1","1@2"]]}
            {"session":"alice","ops":[["w","x","1","1@1"]]}
            {"session":"bob","ops":[["r","x","1","1@1"]]}
            {"session":"bob","ops":[["w","y","1","1@2"]]}
            """,
            Promises.CausalConsistency
        },
        {
            "what followed an unknown outcome that was seen",
            """
            {"session":"alice","ops":[["w","y","1","1@1"]]}
            {"session":"alice","ops":[["w","x","1"]],"status":"unknown"}
            {"session":"bob","ops":[["r","x","1","2@1"]]}
            {"session":"bob","ops":[["r","y",null,null]]}
            """,
            Promises.MonotonicWrites
        },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void It_is_found(string mistake, string history, Promises promise)
    {
        var options = new CheckOptions { Versions = VersionUse.Judge };

        var verdict = CausalChecker.Check(HistoryReader.Read(history), options);

        var violated = Assert.IsType<Verdict.Violated>(verdict);
        Assert.True(violated.Broken.HasFlag(promise), $"{mistake}: {string.Concat(violated.Violations)}");
        Assert.All(violated.Violations, violation => Assert.NotEmpty(violation.Explanation));
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Versions_are_needed_only_where_versions_are_what_is_wrong(
        string mistake, string history, Promises promise)
    {
        var verdict = CausalChecker.Check(
            HistoryReader.Read(history), new CheckOptions { Versions = VersionUse.Ignore });

        Assert.True(
            verdict is Verdict.Violated == (promise != Promises.Versions),
            $"{mistake}: {verdict}");
    }

    [Fact]
    public void The_story_without_the_mistake_holds()
        => Judged.AssertHolds(
            HistoryReader.Read(Post + """
                {"session":"carol","ops":[["r","x","lost","1@1"]]}
                {"session":"carol","ops":[["r","z",null,null]]}
                {"session":"carol","ops":[["p","y","found","2@1"],["p","z","glad","3@2"]]}
                {"session":"carol","ops":[["r","y","found","2@1"],["r","z","glad","3@2"]],"final":true}
                {"session":"dave","ops":[["s","z",[["z","glad","3@2"]]]],"final":true}
                """),
            new CheckOptions { Versions = VersionUse.Judge });
}
