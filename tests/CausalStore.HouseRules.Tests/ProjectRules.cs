using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace CausalStore.HouseRules.Tests;

/// <summary>What projects may refer to.</summary>
internal static partial class ProjectRules
{
    private const string Protocol = "CausalStore.Protocol";
    private const string Checking = "CausalStore.Checking";
    private const string Tracing = "CausalStore.Tracing";
    private const string Terminal = "CausalStore.Terminal";
    private const string Replication = "CausalStore.Replication";
    private const string Scenarios = "CausalStore.Scenarios";
    private const string Simulation = "CausalStore.Simulation";
    private const string Server = "CausalStore.Server";
    private const string Client = "CausalStore.Client";

    /// <summary>What must be banned from Replication: whatever is not in its input is not there.</summary>
    private static readonly string[] Banned =
    [
        "N:System.IO", "N:System.Net", "N:System.Net.Sockets", "T:System.Console", "T:System.Environment",
        "N:System.Threading", "N:System.Threading.Tasks", "T:System.DateTime", "T:System.DateTimeOffset",
        "T:System.TimeProvider", "T:System.Diagnostics.Stopwatch", "T:System.Random",
        "M:System.Guid.NewGuid", "N:System.Security.Cryptography",
    ];

    /// <summary>The one way of the arrows: a project and what it may refer to. Server is nobody's.</summary>
    private static readonly Dictionary<string, string[]> MayReferTo = new()
    {
        [Protocol] = [],
        [Checking] = [],
        [Terminal] = [],
        [Replication] = [Protocol],
        [Tracing] = [Protocol, Replication],
        [Scenarios] = [Protocol, Replication, Tracing],
        [Simulation] = [Protocol, Replication, Checking, Tracing],
        [Server] = [Protocol, Replication, Tracing, Terminal],
        [Client] = [Protocol, Checking, Scenarios, Simulation, Tracing, Terminal],
    };

    /// <summary>References against the arrows, in project files by the names of their projects.</summary>
    public static IEnumerable<string> WrongReferences(IReadOnlyDictionary<string, string> projects) =>
        from project in projects
        from target in References(project.Value)
        where !MayRefer(project.Key, target)
        select $"{project.Key} refers to {target}";

    /// <summary>Packages without an exact version in Directory.Packages.props, or with one
    /// elsewhere.</summary>
    public static IEnumerable<string> LooseVersions(string packagesProps, IEnumerable<string> projects)
    {
        var versions = Items(packagesProps, "PackageVersion")
            .ToDictionary(Included, package => (string?)package.Attribute("Version"));

        foreach (var (package, version) in versions)
        {
            if (!ExactVersion().IsMatch(version ?? ""))
            {
                yield return $"{package} has the version '{version}'";
            }
        }

        foreach (var reference in projects.SelectMany(project => Items(project, "PackageReference")))
        {
            if (!versions.ContainsKey(Included(reference)))
            {
                yield return $"{reference} has no version in Directory.Packages.props";
            }

            if ((reference.Attribute("Version") ?? reference.Attribute("VersionOverride")) is not null)
            {
                yield return $"{reference} has a version of its own";
            }
        }
    }

    /// <summary>What keeps Replication pure, and is missing.</summary>
    public static IEnumerable<string> MissingBans(string bannedSymbols, string project)
    {
        var bans = bannedSymbols.Split('\n').Select(line => line.Split(';')[0].Trim()).ToHashSet();
        var wiring = Items(project, "PackageReference").Concat(Items(project, "AdditionalFiles"));
        string[] wired = ["Microsoft.CodeAnalysis.BannedApiAnalyzers", "BannedSymbols.txt"];

        return Banned.Where(symbol => !bans.Contains(symbol))
            .Concat(wired.Except(wiring.Select(Included)))
            .Concat(project.Contains("RS0030") ? ["RS0030 must not be silenced"] : []);
    }

    private static IEnumerable<XElement> Items(string project, string kind) =>
        XDocument.Parse(project).Descendants(kind);

    private static string Included(XElement item) => (string)item.Attribute("Include")!;

    private static IEnumerable<string> References(string project) =>
        Items(project, "ProjectReference")
            .Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false")
            .Select(reference => Path.GetFileNameWithoutExtension(Included(reference).Split('/', '\\')[^1]));

    private static bool MayRefer(string project, string target) =>
        MayReferTo.TryGetValue(project, out string[]? targets) ? targets.Contains(target)
        : target == Server ? project == $"{Server}.Tests"
        : MayReferTo.ContainsKey(target);

    [GeneratedRegex(@"^\d+(\.\d+){2,3}$")]
    private static partial Regex ExactVersion();
}
