namespace CausalStore.Server.Tests.Kit;

/// <summary>A directory that is gone after the test; its own path does not exist yet.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("causalstore-test-").FullName;

    /// <summary>Where data may be put; not made yet.</summary>
    public string Data => In("data");

    public string In(string name) => Path.Combine(_root, name);

    /// <summary>Copies the files of one directory here to another one here.</summary>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);

        foreach (string file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
