namespace CausalStore.HouseRules.Tests;

public sealed class ProjectRulesTests
{
    private const string Packages =
        """<Project><PackageVersion Include="Serilog" Version="3.1.1" /></Project>""";

    [Fact]
    public void Projects_refer_one_way() => Found.Nothing(ProjectRules.WrongReferences(Repository.Projects));

    [Theory]
    [InlineData("CausalStore.Replication", "CausalStore.Server")]
    [InlineData("CausalStore.Replication", "CausalStore.Checking")]
    [InlineData("CausalStore.Checking", "CausalStore.Protocol")]
    [InlineData("CausalStore.Client", "CausalStore.Server")]
    [InlineData("CausalStore.Client.Tests", "CausalStore.Server")]
    [InlineData("CausalStore.Client.Tests", "CausalStore.Server.Tests")]
    public void A_reference_the_other_way_is_found(string project, string target)
    {
        string text = $"""<Project><ProjectReference Include="../{target}/{target}.csproj" /></Project>""";

        Assert.Equal(
            [$"{project} refers to {target}"],
            ProjectRules.WrongReferences(new Dictionary<string, string> { [project] = text }));
    }

    [Fact]
    public void Every_package_has_one_exact_version() => Found.Nothing(ProjectRules.LooseVersions(
        Repository.TextOf("Directory.Packages.props"),
        [.. Repository.Projects.Values, Repository.TextOf("Directory.Build.props")]));

    [Theory]
    [InlineData("3.*")]
    [InlineData("[3.1.1,4.0.0)")]
    [InlineData("3.1")]
    [InlineData("")]
    public void A_loose_version_is_found(string version) => Assert.Equal(
        [$"Serilog has the version '{version}'"],
        ProjectRules.LooseVersions(Packages.Replace("3.1.1", version), []));

    [Theory]
    [InlineData("""<PackageReference Include="Serilog" Version="3.1.0" />""", "has a version of its own")]
    [InlineData("""<PackageReference Include="Npgsql" />""", "has no version in Directory.Packages.props")]
    public void A_package_apart_is_found(string reference, string wrong) => Assert.Equal(
        [$"{reference} {wrong}"], ProjectRules.LooseVersions(Packages, [$"<Project>{reference}</Project>"]));

    [Fact]
    public void Replication_is_kept_pure() => Found.Nothing(ProjectRules.MissingBans(
        Repository.TextOf("src/CausalStore.Replication/BannedSymbols.txt"),
        Repository.Projects["CausalStore.Replication"]));

    [Fact]
    public void A_ban_that_is_lifted_is_found()
    {
        string bans = Repository.TextOf("src/CausalStore.Replication/BannedSymbols.txt");
        string project = Repository.Projects["CausalStore.Replication"];

        Assert.Equal(
            ["T:System.Random"], ProjectRules.MissingBans(bans.Replace("T:System.Random;", ""), project));
        Assert.Equal(
            ["Microsoft.CodeAnalysis.BannedApiAnalyzers", "BannedSymbols.txt", "RS0030 must not be silenced"],
            ProjectRules.MissingBans(bans, "<Project><NoWarn>RS0030</NoWarn></Project>"));
    }
}
