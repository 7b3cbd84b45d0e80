using System.CommandLine;
using CausalStore.Protocol;
using CausalStore.Server.Storage;

namespace CausalStore.Server;

/// <summary><c>backup</c>, <c>restore</c> and <c>inspect</c>.</summary>
internal static class MaintenanceCommands
{
    private const int Done = 0;
    private const int Failed = 1;

    /// <param name="data">The option <c>--data</c>.</param>
    /// <param name="id">The option <c>--id</c>, of a new server.</param>
    public static IEnumerable<Command> All(
        Option<string> data, Option<ServerId?> id, TextWriter output, TextWriter error)
    {
        Option<string> to = new("--to")
        {
            Description = "The file to write.",
            HelpName = "FILE",
            Required = true,
        };
        Command backup = new(
            "backup", "Write one file with all that a directory keeps, also while a server runs on it.")
        {
            data, to,
        };
        backup.SetAction(result => Do(error, () =>
        {
            Backup.Write(result.GetRequiredValue(data), result.GetRequiredValue(to));
            output.WriteLine($"{result.GetRequiredValue(to)} has everything that was acknowledged so far");
            return Done;
        }));

        Option<string> from = new("--from") { Description = "A backup.", HelpName = "FILE", Required = true };
        Command restore = new(
            "restore", "Make the directory of a new server, which founds a new cluster, of a backup.")
        {
            from, data, id,
        };
        restore.SetAction(result => Do(error, () => Restored(
            result.GetRequiredValue(from), result.GetRequiredValue(data), result.GetRequiredValue(id)!.Value,
            output)));

        Command inspect = new(
            "inspect", "Tell what a directory has, and whether it is sound, also while a server runs on it.")
        {
            data,
        };
        inspect.SetAction(result => Do(
            error, () => Inspection.Tell(result.GetRequiredValue(data), output) ? Done : Failed));
        return [backup, restore, inspect];
    }

    private static int Restored(string file, string directory, ServerId id, TextWriter output)
    {
        var lost = Restore.From(file, directory, id, ServerHost.NewInstance());

        if (lost.Count > 0)
        {
            output.WriteLine(
                $"{lost.Count} writes waited for others that are not in the backup, and are lost: "
                + string.Join(' ', lost.Take(20)) + (lost.Count > 20 ? " ..." : ""));
        }

        output.WriteLine(
            $"""
            {directory} is the beginning of a new cluster. Start its first server:
              CausalStore.Server --port PORT --id {id} --data {directory}
            and the others, empty and under unused ids, with --peers PORT of that one.
            """);
        return Done;
    }

    private static int Do(TextWriter error, Func<int> work)
    {
        try
        {
            return work();
        }
        catch (StorageException wrong)
        {
            error.WriteLine(wrong.Message);
            return Failed;
        }
    }
}
