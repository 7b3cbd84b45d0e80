using System.Text.RegularExpressions;

namespace CausalStore.HouseRules.Tests;

/// <summary>Tests mirror the sources: <c>tests/X.Tests/A/BTests.cs</c> is about
/// <c>src/X/A/B.cs</c>.</summary>
internal static partial class TestRules
{
    /// <summary>From so many branches, loops and conditions on, a source has tests of its own.</summary>
    private const int DecisionsMin = 5;

    private const string TestsSuffix = "Tests.cs";

    /// <summary>Sources whose tests stand under another name.</summary>
    public static IReadOnlyList<Excuse> TestedElsewhere { get; } =
    [
        new("src/CausalStore.Checking/HistoryVersion.cs", "HistoryReaderTests: read in lines of a history"),
        new("src/CausalStore.Checking/Judging/", "AgreementTests: the judge agrees with brute force"),
        new("src/CausalStore.Checking/OperationRules.cs", "HistoryReaderTests: what a line may not say"),
        new("src/CausalStore.Checking/StepReader.cs", "HistoryReaderTests: every kind of line"),
        new("src/CausalStore.Client/Live/ServerFeed.cs", "LiveClusterTests: up, down, twice, others'"),
        new("src/CausalStore.Client/Shell/ReplyTable.cs", "PeopleDisplayTests: what has many lines"),
        new("src/CausalStore.Client/Top/ServerProbe.cs", "ClusterProbeTests: up, down, hanging, others'"),
        new("src/CausalStore.Replication/Link.cs", "LinkFaultsTests, GreetingTests: they talk over it"),
        new("src/CausalStore.Replication/PeerLines.cs", "GreetingTests, JoiningTests, RobustnessTests"),
        new("src/CausalStore.Replication/Replica.cs", "all of its tests: Kit/TestServer drives it"),
        new("src/CausalStore.Replication/ReplicaState.cs", "all of its tests: what all share, no algorithm"),
        new("src/CausalStore.Replication/StateCopy.cs", "StateMergeTests: a copy is sent and taken in"),
        new("src/CausalStore.Server/Journal/Folding.cs", "SqliteJournalTests: the half of it that follows"),
        new("src/CausalStore.Server/Storage/Database.cs", "StateFileTests, JournalFileTests: all it does"),
        new("src/CausalStore.Server/Storage/FileFormat.cs", "DataDirectoryTests, BackupTests: other kinds"),
        new("src/CausalStore.Server/Storage/Restore.cs", "BackupTests: what was saved is restored"),
        new("src/CausalStore.Server/Storage/StorageAdvice.cs", "DataDirectoryTests, DamageTests: its words"),
        new("src/CausalStore.Server/Storage/StateTables.cs", "StateFileTests: its words are SQL"),
        new("src/CausalStore.Simulation/", "MutantTests: it catches planted mistakes"),
    ];

    /// <summary>Tests and what helps them, that are about no single source.</summary>
    public static IReadOnlyList<Excuse> AboutNoSource { get; } =
    [
        new("tests/CausalStore.Checking.Tests/AgreementTests.cs", "the judge against brute force"),
        new("tests/CausalStore.Checking.Tests/BruteForce.cs", "kit: judges by trying every order"),
        new("tests/CausalStore.Checking.Tests/DeleteTests.cs", "scenario: deletes in all that is judged"),
        new("tests/CausalStore.Checking.Tests/Judged.cs", "kit: a history in a few lines"),
        new("tests/CausalStore.Checking.Tests/PaperTests.cs", "scenario: the histories of the papers"),
        new("tests/CausalStore.Checking.Tests/PlantedMistakesTests.cs", "scenario: known mistakes"),
        new("tests/CausalStore.Checking.Tests/RandomHistories.cs", "kit: tiny random histories"),
        new("tests/CausalStore.Checking.Tests/ThroughputTests.cs", "scenario: how fast the judge is"),
        new("tests/CausalStore.Checking.Tests/ToyStore.cs", "kit: a store that can be broken"),
        new("tests/CausalStore.Benchmarks/", "measures, and asserts nothing"),
        new("tests/CausalStore.Chaos.Tests/", "scenario: real processes under load and faults"),
        new("tests/CausalStore.Demo.Tests/", "its sources are the scripts at the top"),
        new("tests/CausalStore.Client.Tests/HistoriesDocumentTests.cs", "the examples of docs/histories.md"),
        new("tests/CausalStore.Client.Tests/TracesDocumentTests.cs", "the examples of docs/traces.md"),
        new("tests/CausalStore.Client.Tests/TutorialDocumentTests.cs", "the examples of docs/tutorial.md"),
        new("tests/CausalStore.Client.Tests/Shell/RecordingTests.cs", "scenario: recorded, then judged"),
        new("tests/CausalStore.Client.Tests/Shell/RealTerminalTests.cs", "scenario: at a real terminal"),
        new("tests/browser/CausalStore.Browser.Tests/", "its source is the page that the client makes"),
        new("tests/CausalStore.HouseRules.Tests/", "its sources are the repository"),
        new("tests/CausalStore.Protocol.Tests/AllocationTests.cs", "scenario: parsing allocates nothing"),
        new("tests/CausalStore.Protocol.Tests/ProtocolDocumentTests.cs", "the examples of docs/protocol.md"),
        new("tests/CausalStore.Replication.Tests/ChangingClusterTests.cs", "scenario: servers come and go"),
        new("tests/CausalStore.Replication.Tests/ChangingFoundingTests.cs", "scenario: so do founders"),
        new("tests/CausalStore.Replication.Tests/ExhaustiveTests.cs", "scenario: every order of few writes"),
        new("tests/CausalStore.Replication.Tests/ForgetClusterTests.cs", "scenario: a server is forgotten"),
        new("tests/CausalStore.Replication.Tests/FoundingClusterTests.cs", "scenario: clusters are founded"),
        new("tests/CausalStore.Replication.Tests/JoiningClusterTests.cs", "scenario: servers join"),
        new("tests/CausalStore.Replication.Tests/OverwriteTruthTests.cs", "overwrites, and what was seen"),
        new("tests/CausalStore.Replication.Tests/RobustnessTests.cs", "scenario: garbage on all connections"),
        new("tests/CausalStore.Replication.Tests/SessionsClusterTests.cs", "scenario: the lost ring"),
        new("tests/CausalStore.Replication.Tests/StateMergeTests.cs", "the other half of StateCopy.cs"),
        new("tests/CausalStore.Server.Tests/ComingAndGoingTests.cs", "scenario: joined, restored, mixed up"),
        new("tests/CausalStore.Server.Tests/ForgottenServerTests.cs", "scenario: what it leaves"),
        new("tests/CausalStore.Server.Tests/LostDataTests.cs", "scenario: what is printed is done"),
        new("tests/CausalStore.Server.Tests/DurabilityTests.cs", "scenario: real processes are killed"),
        new("tests/CausalStore.Server.Tests/LostRingTests.cs", "scenario: three processes are asked why"),
        new("tests/CausalStore.Server.Tests/Journal/JournalTests.cs", "what every IJournal promises"),
        new("tests/CausalStore.Server.Tests/Storage/DamageTests.cs", "scenario: damaged and lost files"),
        new("tests/CausalStore.Server.Tests/Narration/LogLines.cs", "kit: a log that keeps its lines"),
        new("tests/CausalStore.Server.Tests/Network/Sockets.cs", "kit: two ends of a connection"),
        new("tests/CausalStore.Server.Tests/RunningServer.cs", "kit: a server in this process"),
        new("tests/CausalStore.Simulation.Tests/CompiledMutant.cs", "kit: runs a planted mistake"),
        new("tests/CausalStore.Simulation.Tests/LostRingTests.cs", "scenario: the lost ring"),
        new("tests/CausalStore.Simulation.Tests/Mutant.cs", "kit: mistakes to plant"),
        new("tests/CausalStore.Simulation.Tests/MutantCompiler.cs", "kit: plants them"),
        new("tests/CausalStore.Simulation.Tests/MutantTests.cs", "planted mistakes are caught"),
        new("tests/CausalStore.Simulation.Tests/SeedTests.cs", "many runs of the simulator"),
        new("tests/CausalStore.Simulation.Tests/ShortStory.cs", "kit: the story of a seed that fails"),
        new("tests/CausalStore.Simulation.Tests/Swarm.cs", "kit: many seeds on all cores"),
    ];

    /// <summary>Files of tests that are about no source; what stands in a <c>Kit</c> need not be.</summary>
    public static IEnumerable<(string Path, string Wrong)> NotMirroring(
        IEnumerable<string> tests, IEnumerable<string> sources)
    {
        var wanted = sources.Select(TestsOf).ToHashSet();
        return tests.Where(test => !wanted.Contains(test) && !test.Contains("/Kit/"))
            .Select(test => (test, ": is about no source; name it after one, or list what it is about"));
    }

    /// <summary>Sources with behaviour that have no tests under their name.</summary>
    public static IEnumerable<(string Path, string Wrong)> Untested(
        IEnumerable<SourceFile> sources, IEnumerable<string> tests)
    {
        var there = tests.ToHashSet();
        return from source in sources
               let decisions = Decisions(source.Text)
               where decisions >= DecisionsMin && !there.Contains(TestsOf(source.Path))
               select (source.Path, $": decides {decisions} times and has no {TestsOf(source.Path)}");
    }

    private static string TestsOf(string source)
    {
        string[] parts = source.Split('/', 3);
        return $"tests/{parts[1]}.Tests/{parts[2][..^".cs".Length]}{TestsSuffix}";
    }

    private static int Decisions(string text) => Decision().Count(CommentOrString().Replace(text, ""));

    [GeneratedRegex(@"\b(if|for|foreach|while|switch)\b|&&|\|\||\s\?\s|\?\?")]
    private static partial Regex Decision();

    [GeneratedRegex(@"//.*|""[^""\n]*""")]
    private static partial Regex CommentOrString();
}
