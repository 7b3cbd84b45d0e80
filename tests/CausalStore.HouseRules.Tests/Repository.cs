namespace CausalStore.HouseRules.Tests;

/// <summary>A file, by its path from the root: <c>src/CausalStore.Protocol/Write.cs</c>.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    public bool IsCode => Path.EndsWith(".cs", StringComparison.Ordinal);

    public bool IsProject => Path.EndsWith(".csproj", StringComparison.Ordinal);

    public bool IsUnder(string folder) => Path.StartsWith(folder, StringComparison.Ordinal);
}

/// <summary>The text files of this repository, without what is built or left behind by runs.</summary>
internal static class Repository
{
    private static readonly string[] NotOurs =
    [
        ".git", ".vs", ".idea", "bin", "obj", "data", "TestResults", "BenchmarkDotNet.Artifacts",
        "__pycache__",
    ];

    public static IReadOnlyList<SourceFile> Files { get; } = Read();

    public static IEnumerable<SourceFile> Code => Files.Where(file => file.IsCode);

    /// <summary>Project files by the names of the projects.</summary>
    public static Dictionary<string, string> Projects => Files.Where(file => file.IsProject)
        .ToDictionary(file => Path.GetFileNameWithoutExtension(file.Path), file => file.Text);

    public static string TextOf(string path) => Files.Single(file => file.Path == path).Text;

    private static List<SourceFile> Read()
    {
        DirectoryInfo root = new(AppContext.BaseDirectory);

        while (!File.Exists(Path.Combine(root.FullName, "CausalStore.sln")))
        {
            root = root.Parent ?? throw new DirectoryNotFoundException("CausalStore.sln is not above here");
        }

        var files = Walk(root).Select(file => new SourceFile(
            Path.GetRelativePath(root.FullName, file.FullName).Replace('\\', '/'),
            File.ReadAllText(file.FullName)));
        return [.. files.Where(file => !file.Text.Contains('\0'))];
    }

    private static IEnumerable<FileInfo> Walk(DirectoryInfo directory) => directory.EnumerateFiles()
        .Concat(directory.EnumerateDirectories().Where(IsOurs).SelectMany(Walk))
        .Where(IsOurs);

    private static bool IsOurs(FileSystemInfo entry) => !NotOurs.Contains(entry.Name);
}
