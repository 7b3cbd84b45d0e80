namespace CausalStore.Client.Tests.Kit;

/// <summary>What the build of the same configuration as the tests has made.</summary>
internal static class Binaries
{
    /// <summary>The root of the repository.</summary>
    public static string Root
    {
        get
        {
            string directory = AppContext.BaseDirectory;

            while (!File.Exists(Path.Combine(directory, "CausalStore.sln")))
            {
                directory = Path.GetDirectoryName(directory)
                    ?? throw new InvalidOperationException("the tests run outside of the repository");
            }

            return directory;
        }
    }

    public static string Client => FolderOf("CausalStore.Client");

    public static string Server => Path.Combine(FolderOf("CausalStore.Server"), "CausalStore.Server.dll");

    private static string FolderOf(string project)
    {
        DirectoryInfo binaries = new(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.Combine(Root, "src", project, "bin", binaries.Parent!.Name, binaries.Name);
    }
}
