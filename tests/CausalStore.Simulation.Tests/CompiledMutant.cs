using System.Reflection;

namespace CausalStore.Simulation.Tests;

/// <summary>A simulator of its own, with a mistake in it.</summary>
internal sealed class CompiledMutant(Assembly assembly)
{
    /// <summary>Runs one seed: what promise was broken and how, or null.</summary>
    public string? Run(ulong seed, Profile profile) => (string?)Of(
        Call(typeof(SimulationRun), nameof(SimulationRun.Run), seed, In(profile), false),
        nameof(RunReport.Failure));

    /// <summary>The shortest story of a seed that fails: what broke, and what led to it.</summary>
    public (string Failure, string Events) Shrink(ulong seed, Profile profile, int runs)
    {
        object report = Call(typeof(Shrinker), nameof(Shrinker.Shrink), seed, In(profile), runs);
        string failure = (string)Of(report, nameof(RunReport.Failure))!;
        return (failure, (string)Of(report, nameof(RunReport.Events))!);
    }

    private object In(Profile profile) => Enum.ToObject(Its(typeof(Profile)), (int)profile);

    private Type Its(Type original) => assembly.GetType(original.FullName!, throwOnError: true)!;

    private object Call(Type original, string method, params object[] arguments) => Its(original).GetMethod(
        method, BindingFlags.Public | BindingFlags.Static, [.. arguments.Select(each => each.GetType())])!
        .Invoke(null, arguments)!;

    private static object? Of(object report, string property) =>
        report.GetType().GetProperty(property)!.GetValue(report);
}
