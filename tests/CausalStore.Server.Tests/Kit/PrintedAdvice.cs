using System.Text.RegularExpressions;

namespace CausalStore.Server.Tests.Kit;

/// <summary>What a server says before it exits with 1, as far as it can be typed.</summary>
/// <param name="Forget">The request for a live server; null: none is needed.</param>
/// <param name="Directory">To be moved away.</param>
/// <param name="UnusedId">To start with.</param>
internal sealed partial record PrintedAdvice(string? Forget, string Directory, int UnusedId)
{
    public static PrintedAdvice In(string said)
    {
        var forget = ToForget().Match(said);
        var directory = ToMove().Match(said);
        var id = ToStart().Matches(said);
        Assert.True(directory.Success && id.Count > 0, $"no advice:\n{said}");
        return new PrintedAdvice(
            forget.Success ? forget.Groups[1].Value : null,
            directory.Groups[1].Value,
            int.Parse(id[^1].Groups[1].Value));
    }

    [GeneratedRegex(@"[Tt]ype '(forget \d+)' at ")]
    private static partial Regex ToForget();

    [GeneratedRegex(@"move\s+(\S+) away")]
    private static partial Regex ToMove();

    [GeneratedRegex(@"(?:unused id:|start with) --id (\d+)")]
    private static partial Regex ToStart();
}
