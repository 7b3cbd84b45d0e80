namespace CausalStore.Demo.Tests;

/// <summary>A copy of demo/ in which something else is written.</summary>
internal sealed class ChangedStories : IDisposable
{
    private readonly DirectoryInfo _copy = Directory.CreateTempSubdirectory("causalstore-");

    public ChangedStories()
    {
        string demo = DemoProcess.Script("demo");

        foreach (string file in Directory.GetFiles(demo, "*.txt", SearchOption.AllDirectories))
        {
            string target = System.IO.Path.Combine(Path, System.IO.Path.GetRelativePath(demo, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    public string Path => _copy.FullName;

    public void Dispose() => _copy.Delete(recursive: true);

    /// <summary>Lets two expectations change places.</summary>
    public void Swap(string script, string first, string second)
    {
        string path = System.IO.Path.Combine(Path, script);
        string[] lines = File.ReadAllLines(path);
        int one = Array.IndexOf(lines, first);
        int other = Array.IndexOf(lines, second);
        (lines[one], lines[other]) = (lines[other], lines[one]);
        File.WriteAllLines(path, lines);
    }
}
