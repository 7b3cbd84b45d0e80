namespace CausalStore.Client.Tests.Kit;

/// <summary>A place for a history, in a directory of its own that goes with it.</summary>
internal sealed class HistoryPath : IDisposable
{
    public HistoryPath() => Directory = System.IO.Directory.CreateTempSubdirectory("history-").FullName;

    public string Directory { get; }

    public string File => Path.Combine(Directory, "run.jsonl");

    public string[] Lines => System.IO.File.ReadAllLines(File);

    public void Write(string text) => System.IO.File.WriteAllText(File, text.ReplaceLineEndings("\n"));

    public void Dispose()
    {
        if (System.IO.Directory.Exists(Directory))
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }
}
