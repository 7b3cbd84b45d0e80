using CausalStore.Protocol.Tests.Kit;

namespace CausalStore.Protocol.Tests;

/// <summary>docs/protocol.md is true: its examples are lines of the protocol, as it writes them.</summary>
public sealed class ProtocolDocumentTests
{
    private static readonly string[] Kinds = ["request", "response", "peer", "exchange"];

    private readonly List<Example> _examples = Read();

    private readonly record struct Example(string Kind, string Line, int LineNumber);

    private IEnumerable<Example> Requests => _examples.Where(example => example.Kind == "request");

    private IEnumerable<Example> Responses => _examples.Where(example => example.Kind == "response");

    private IEnumerable<Example> Peers => _examples.Where(example => example.Kind == "peer");

    [Fact]
    public void Every_request_is_one_and_is_written_so() =>
        AllComeBack(Requests.Where(example => Refusal(example.Line) is null), Canonical.OfRequest);

    [Fact]
    public void Every_request_that_is_none_is_followed_by_the_error_that_it_gets()
    {
        foreach (var (index, example) in _examples.Index().Where(entry => entry.Item.Kind == "request"))
        {
            string? error = Refusal(example.Line);
            string? answer = _examples.ElementAtOrDefault(index + 1).Line;

            Assert.True(
                error is null || answer == error,
                $"docs/protocol.md({example.LineNumber + 1}): '{example.Line}' gets '{error}'");
        }
    }

    [Fact]
    public void Every_response_is_one_and_is_written_so() =>
        AllComeBack(Responses, line => Canonical.OfResponse(Wire.Response(line)));

    [Fact]
    public void Every_line_between_servers_is_one_and_is_written_so() => AllComeBack(Peers, Canonical.OfPeer);

    [Fact]
    public void Every_kind_of_message_has_an_example()
    {
        var requests = Requests.Select(example => example.Line).Where(line => Refusal(line) is null).ToList();

        Family.HasAnExampleOfEach(requests.Where(IsRecord).Select(Wire.Request), "docs/protocol.md");
        Family.HasAnExampleOfEach(
            Responses.Select(example => Wire.Response(example.Line)), "docs/protocol.md");
        Family.HasAnExampleOfEach(
            Peers.Where(example => !Begins(example.Line, "replicate")).Select(Message), "docs/protocol.md");
        Assert.All(
            ["read", "write", "delete"], verb => Assert.Contains(requests, line => Begins(line, verb)));
        Assert.Contains(Peers, example => Begins(example.Line, "replicate"));
    }

    [Fact]
    public void Every_error_code_is_explained()
    {
        string[] lines = File.ReadAllLines(PathOfDocument());

        Assert.All(
            Enum.GetValues<ErrorCode>(),
            code => Assert.Contains(lines, line => Begins(line, $"| `{code.Name()}` |")));
    }

    private static List<Example> Read()
    {
        List<Example> examples = [];
        string? kind = null;
        int lineNumber = 0;

        foreach (string line in File.ReadLines(PathOfDocument()))
        {
            lineNumber++;

            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                kind = kind is null ? line[3..] : null;
                Assert.True(
                    kind is null || Kinds.Contains(kind),
                    $"docs/protocol.md({lineNumber}): a block is one of {string.Join(", ", Kinds)}");
            }
            else if (kind == "exchange")
            {
                bool isAnswer = line.StartsWith("< ", StringComparison.Ordinal);
                Assert.True(
                    isAnswer || line.StartsWith("> ", StringComparison.Ordinal),
                    $"docs/protocol.md({lineNumber}): a line of an exchange begins with '> ' or '< '");
                examples.Add(new Example(isAnswer ? "response" : "request", line[2..], lineNumber));
            }
            else if (kind is not null)
            {
                examples.Add(new Example(kind, line, lineNumber));
            }
        }

        return examples;
    }

    private static void AllComeBack(IEnumerable<Example> examples, Func<string, string> canonical) =>
        Assert.All(examples, example => Assert.True(
            canonical(example.Line) == example.Line,
            $"docs/protocol.md({example.LineNumber}): it is written '{canonical(example.Line)}'"));

    /// <summary>The error that a request gets for how it is written; null: none.</summary>
    private static string? Refusal(string line)
    {
        try
        {
            Canonical.OfRequest(line);
            return null;
        }
        catch (ProtocolException refused)
        {
            return $"error {refused.Code.Name()} {refused.Message}";
        }
    }

    private static bool IsRecord(string line) =>
        !Begins(line, "read") && !Begins(line, "write") && !Begins(line, "delete");

    private static PeerMessage Message(Example example) => Begins(example.Line, "error")
        ? new PeerMessage.Error(example.Line["error ".Length..])
        : Wire.Peer(example.Line);

    private static bool Begins(string line, string words) =>
        line == words || line.StartsWith(words + " ", StringComparison.Ordinal);

    private static string PathOfDocument()
    {
        string directory = AppContext.BaseDirectory;

        while (!File.Exists(Path.Combine(directory, "CausalStore.sln")))
        {
            directory = Path.GetDirectoryName(directory)
                ?? throw new InvalidOperationException("the tests do not run inside the repository");
        }

        return Path.Combine(directory, "docs", "protocol.md");
    }
}
