using CausalStore.Scenarios;

namespace CausalStore.Client.Play;

/// <summary>Where the server's program is.</summary>
internal static class ServerProgram
{
    private const string FileName = "CausalStore.Server.dll";

    /// <summary>Looks beside the client, and where a build of the repository leaves it.</summary>
    /// <param name="clientDirectory">Where the client's program is.</param>
    /// <exception cref="StageException">It is nowhere.</exception>
    public static string Find(string clientDirectory)
    {
        string directory = Path.TrimEndingDirectorySeparator(clientDirectory);
        string framework = Path.GetFileName(directory);
        string configuration = Path.GetFileName(Path.GetDirectoryName(directory) ?? "");
        string[] places =
        [
            Path.Combine(directory, FileName),
            Path.GetFullPath(Path.Combine(
                directory, "..", "..", "..", "..", "CausalStore.Server", "bin", configuration, framework,
                FileName)),
        ];

        return Array.Find(places, File.Exists) ?? throw new StageException(
            $"there is no server at {string.Join(" or ", places)}: build it ('dotnet build -c Release'), or"
            + " say where it is ('--program PATH')");
    }
}
