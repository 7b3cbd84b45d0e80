using System.Buffers;
using System.Diagnostics;
using System.Reflection;
using CausalStore.Protocol;
using CausalStore.Tracing;

namespace CausalStore.Browser.Tests;

/// <summary>Pages as <c>timeline</c> makes them, in a folder that goes with them.</summary>
public sealed class Pages : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("timeline-");

    /// <summary>The traces of a real run, <c>causal</c> or <c>eventual</c>.</summary>
    public static string LostRing(string consistency) => Path.Combine(
        Root(), "tests", "CausalStore.Client.Tests", "Timeline", "LostRing", consistency);

    /// <summary>What <c>dotnet</c> starts.</summary>
    public static string ProgramOf(string project)
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        return Path.Combine(Root(), "src", project, "bin", configuration, "net10.0", $"{project}.dll");
    }

    /// <summary>Has the client draw, and returns the page.</summary>
    public async Task<string> DrawAsync(params string[] arguments)
    {
        string page = Path.Combine(_folder.FullName, $"{Guid.NewGuid()}.html");
        using var process = Process.Start(
            "dotnet", [ProgramOf("CausalStore.Client"), "timeline", .. arguments, "--out", page]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return page;
    }

    /// <summary>A trace of three servers, with four events that are drawn for each write.</summary>
    public string WriteLongTrace(int writes)
    {
        DateTime begin = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        Dictionary<int, long> sequences = [];
        ArrayBufferWriter<byte> lines = new();

        for (int number = 1; number <= writes; number++)
        {
            int origin = 1 + (number % 3);
            WriteVersion version = new(number, new ServerId((ushort)origin));
            TracedOperation[] operations = [new($"key{number % 12}", $"{number}")];
            Add(0, 0, new TraceEvent.Wrote(version, operations, TimeSpan.FromMilliseconds(1)));
            Add(origin, 1, new TraceEvent.Accepted(
                version, Context.Empty, operations, new TracedSession("alice", 1)));

            foreach (int other in Enumerable.Range(1, 3).Where(server => server != origin))
            {
                ServerId from = new((ushort)origin);
                Add(origin, 1, new TraceEvent.Sent(version, new ServerId((ushort)other), IsHeld: false));
                Add(other, 2, new TraceEvent.Received(version, from));
                Add(other, 2, new TraceEvent.Applied(version, from, Context.Empty, operations, null, null));
            }

            void Add(int server, double ms, TraceEvent traced)
            {
                var process = server == 0
                    ? TracedProcess.Client("alice")
                    : TracedProcess.Server(new ServerId((ushort)server));
                sequences[server] = sequences.GetValueOrDefault(server) + 1;
                var time = begin.AddMilliseconds((5 * number) + ms);
                TraceWriter.Write(new TraceLine(process, sequences[server], time, traced), lines);
            }
        }

        string path = Path.Combine(_folder.FullName, "long.jsonl");
        File.WriteAllBytes(path, lines.WrittenSpan);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Root()
    {
        string directory = Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!;

        while (!File.Exists(Path.Combine(directory, "CausalStore.sln")))
        {
            directory = Path.GetDirectoryName(directory)
                ?? throw new InvalidOperationException("the tests run outside of the repository");
        }

        return directory;
    }
}
