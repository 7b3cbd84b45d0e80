namespace CausalStore.HouseRules.Tests;

internal static class Found
{
    /// <summary>Fails with everything that is wrong, a line each.</summary>
    public static void Nothing(IEnumerable<string> wrong)
    {
        string[] lines = [.. wrong];
        Assert.True(lines.Length == 0, string.Join('\n', lines));
    }
}
