using CausalStore.Server.Storage;
using CausalStore.Server.Tests.Kit;

namespace CausalStore.Server.Tests.Storage;

public sealed class InspectionTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task A_running_servers_directory_is_told_as_it_is_now()
    {
        using KeptReplica replica = new(_temporary.Data);
        await replica.AskAsync("write x lost");
        await replica.FoldAsync();
        await replica.AskAsync("write y found");
        await replica.AskAsync("delete x");

        var (isSound, lines) = Inspect();

        Assert.True(isSound);
        Assert.Contains("server 1", lines);
        Assert.Contains("instance k7Qm2wXp", lines);
        Assert.Contains("keys 1", lines);
        Assert.Contains("tombstones 1", lines);
        Assert.Contains("applied ..3@1", lines);
        Assert.Matches("^newest 3@1 .* delete x$", lines[^2]);
        Assert.Contains(lines, line => line.StartsWith("file journal.db ", StringComparison.Ordinal));
        Assert.StartsWith("verdict ok", lines[^1]);
    }

    [Fact]
    public async Task Damage_is_a_verdict()
    {
        using (KeptReplica replica = new(_temporary.Data))
        {
            await replica.AskAsync("write x precious");
            replica.Finish();
        }

        string path = Path.Combine(_temporary.Data, StateFile.Name);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.AsSpan().IndexOf("precious"u8)] ^= 1;
        File.WriteAllBytes(path, bytes);

        var (isSound, lines) = Inspect();

        Assert.False(isSound);
        Assert.Contains(lines, line => line.StartsWith("verdict DAMAGED", StringComparison.Ordinal));
    }

    [Fact]
    public void Data_of_a_newer_version_are_not_called_damaged()
    {
        new KeptReplica(_temporary.Data).Dispose();
        using (Database state = new(Path.Combine(_temporary.Data, StateFile.Name), Access.Write))
        {
            state.Execute("PRAGMA user_version = 9");
        }

        var (isSound, lines) = Inspect();

        Assert.False(isSound);
        Assert.StartsWith("verdict unknown: ", lines[^1]);
        Assert.Contains("A newer version has written it: start that one", lines[^1]);
    }

    [Fact]
    public void Nothing_is_no_data()
    {
        var (isSound, lines) = Inspect();

        Assert.False(isSound);
        Assert.Contains("has no data of a server", lines[0]);
        Assert.False(Directory.Exists(_temporary.Data));
    }

    private (bool IsSound, string[] Lines) Inspect()
    {
        StringWriter output = new();
        bool isSound = Inspection.Tell(_temporary.Data, output);
        return (isSound, $"{output}".Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }
}
