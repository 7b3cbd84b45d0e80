using System.Reflection;
using System.Runtime.Loader;

namespace CausalStore.Simulation.Tests;

/// <summary>
/// Compiles a copy of Replication, Tracing and Simulation into one assembly, with the SDK's own compiler, and
/// runs seeds in it. The sources hold no switch for this.
/// </summary>
internal static class MutantCompiler
{
    /// <summary>What the SDK's implicit usings would add.</summary>
    private const string GlobalUsings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly Lazy<Assembly> Csc = new(() =>
        new CompilerContext(Metadata("Compiler")).LoadFromAssemblyPath(Metadata("Compiler")));

    private static readonly string[] Projects = ["Replication", "Tracing", "Simulation"];

    private static string WorkingDirectory => Directory.CreateDirectory(
        Path.Combine(AppContext.BaseDirectory, "mutants")).FullName;

    /// <summary>Compiles the sources with a mistake in them; null: as they are.</summary>
    public static CompiledMutant Compile(Mutant? mutant)
    {
        string directory = Path.Combine(WorkingDirectory, Guid.NewGuid().ToString("n"));
        Directory.CreateDirectory(directory);
        var sources = CopyOfSources(directory);

        // The replica's own invariants would catch many a mistake: here the judges must see it.
        Replace(sources, "Invariant.cs", "if (!condition)\n", "if (!condition && promise.Length == 0)\n");

        foreach (var (file, old, replacement) in mutant?.Changes ?? [])
        {
            Replace(sources, file, old, replacement);
        }

        string assembly = Path.Combine(directory, "Mutant.dll");
        Compile(directory, sources, assembly);
        return Load(assembly);
    }

    private static List<string> CopyOfSources(string directory)
    {
        List<string> copies = [];

        foreach (string project in Projects)
        {
            string root = Path.Combine(Metadata("Sources"), $"CausalStore.{project}");
            string[] files = Directory.GetFiles(root, "*.cs", SearchOption.AllDirectories);

            foreach (string file in files.Where(file => !IsBuilt(Path.GetRelativePath(root, file))))
            {
                string copy = Path.Combine(directory, project, Path.GetRelativePath(root, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
                copies.Add(copy);
            }
        }

        return copies;
    }

    private static bool IsBuilt(string path) =>
        path.Split(Path.DirectorySeparatorChar)[0] is "bin" or "obj";

    private static void Replace(List<string> sources, string file, string old, string replacement)
    {
        string project = file.Contains('/', StringComparison.Ordinal) ? file.Split('/')[0] : "Replication";
        string path = sources.Single(source =>
            Path.GetFileName(source) == Path.GetFileName(file)
            && Path.GetFileName(Path.GetDirectoryName(source)) == project);
        string text = File.ReadAllText(path).ReplaceLineEndings("\n");
        int times = text.Split(old).Length - 1;

        Assert.True(
            times == 1,
            $"the mistake does not fit the sources any more: {file} holds {times} times, not once:\n{old}");

        File.WriteAllText(path, text.Replace(old, replacement));
    }

    private static void Compile(string directory, List<string> sources, string assembly)
    {
        string usings = Path.Combine(directory, "GlobalUsings.cs");
        File.WriteAllText(usings, GlobalUsings);

        string[] arguments =
        [
            "-noconfig", "-nologo", "-nostdlib", "-target:library", "-optimize+", "-deterministic", "-debug-",
            "-langversion:14.0", "-nullable:enable", "-nowarn:1591,1573,8981", $"-out:\"{assembly}\"",
            .. References().Select(reference => $"-reference:\"{reference}\""),
            .. sources.Append(usings).Select(source => $"\"{source}\""),
        ];
        string responseFile = Path.Combine(directory, "arguments.rsp");
        File.WriteAllLines(responseFile, arguments);

        // In this process, where it is warm after the first time.
        int failed = (int)Csc.Value.EntryPoint!.Invoke(null, [new[] { $"@{responseFile}" }])!;
        Assert.True(failed == 0, "the mutant does not compile; the compiler has said why on the console");
    }

    private sealed class CompilerContext(string path) : AssemblyLoadContext(name: "compiler")
    {
        protected override Assembly? Load(AssemblyName name)
        {
            string beside = Path.Combine(Path.GetDirectoryName(path)!, name.Name + ".dll");
            return File.Exists(beside) ? LoadFromAssemblyPath(beside) : null;
        }
    }

    private static IEnumerable<string> References()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        return trusted.Split(Path.PathSeparator).Where(path => Path.GetDirectoryName(path) == framework)
            .Append(typeof(Protocol.WriteVersion).Assembly.Location)
            .Append(typeof(Checking.CausalChecker).Assembly.Location);
    }

    private static CompiledMutant Load(string path)
    {
        AssemblyLoadContext context = new(name: null, isCollectible: true);
        using MemoryStream image = new(File.ReadAllBytes(path));
        CompiledMutant mutant = new(context.LoadFromStream(image));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        return mutant;
    }

    private static string Metadata(string key) => typeof(MutantCompiler).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value ?? "";
}
