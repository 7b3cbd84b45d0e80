namespace CausalStore.Protocol.Tests.Kit;

/// <summary>The cases of a closed family of messages, found by reflection.</summary>
internal static class Family
{
    /// <summary>Fails with the names of the cases that the examples forget.</summary>
    public static void HasAnExampleOfEach<T>(IEnumerable<T> examples, string where)
        where T : class
    {
        var shown = examples.Select(example => example.GetType()).ToHashSet();
        var cases = typeof(T).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(T)));
        string forgotten = string.Join(", ", cases.Except(shown).Select(type => type.Name));

        Assert.True(forgotten.Length == 0, $"{where} has no example of {typeof(T).Name}: {forgotten}");
    }
}
