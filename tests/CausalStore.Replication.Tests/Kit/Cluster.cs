namespace CausalStore.Replication.Tests.Kit;

/// <summary>What must be true of the servers on a <see cref="Wire"/> that are one cluster.</summary>
internal static class Cluster
{
    public static void AssertOne(Wire wire, string name)
    {
        foreach (var server in wire.Servers)
        {
            Assert.Null(server.Exit);
            Assert.True(server.Serves, $"server {server.Options.Id}: {server.Status("waiting")}");
            Assert.Equal(name, server.Cluster);
            Assert.Equal($"{wire.Servers.Count}", server.Status("members"));
        }
    }

    public static void AssertWritesReachAll(Wire wire)
    {
        foreach (var server in wire.Servers)
        {
            Assert.StartsWith(
                "ok ", server.Connect().Say($"write from{server.Options.Id} {server.Options.Instance}"));
        }

        wire.Run(seconds: 2);

        foreach (var server in wire.Servers)
        {
            string written = $"value from{server.Options.Id} {server.Options.Instance} ";
            string[] scan = wire.Servers[0].Connect().Ask("scan from");
            Assert.Contains(scan, line => line.StartsWith(written, StringComparison.Ordinal));
        }

        AssertEqual(wire);
    }

    /// <summary>All stores are equal, all delay queues empty.</summary>
    public static void AssertEqual(Wire wire)
    {
        string[] scan = wire.Servers[0].Connect().Ask("scan \"\"");

        foreach (var server in wire.Servers)
        {
            Assert.Equal(scan, server.Connect().Ask("scan \"\""));
            Assert.Equal("0", server.Status("delayed"));
            Assert.Equal(wire.Servers[0].Status("applied"), server.Status("applied"));
        }
    }
}
