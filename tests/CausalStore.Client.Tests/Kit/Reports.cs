using CausalStore.Client.Top;
using CausalStore.Protocol;
using static CausalStore.Client.Tests.Kit.Versions;

namespace CausalStore.Client.Tests.Kit;

/// <summary>What servers say of themselves, in a few words.</summary>
internal static class Reports
{
    public static ServerId Id(int number) => new((ushort)number);

    /// <param name="status">Lines of <c>status</c>, divided by <c>|</c>.</param>
    /// <param name="members">Lines of <c>members</c>, likewise.</param>
    public static ServerReport Report(int id, string status = "", string members = "", string pending = "")
    {
        var report = ServerReport.Of(
            Reply([$"server {id}", $"instance I{id}", .. Lines(status), "end 0"]),
            Reply([$"member {id} I{id} joined this server", .. Lines(members), "end 0"]))!;
        report.Add(Reply([.. Lines(pending), "end 0"]));
        return report;
    }

    private static string[] Lines(string text) => text.Split('|', StringSplitOptions.RemoveEmptyEntries);
}
