using CausalStore.Client.Play;
using CausalStore.Client.Tests.Kit;
using CausalStore.Scenarios;

namespace CausalStore.Client.Tests.Play;

public sealed class ServerProgramTests
{
    [Fact]
    public void It_is_found_where_the_build_leaves_it()
    {
        Assert.Equal(Binaries.Server, ServerProgram.Find(Binaries.Client));
        Assert.Equal(Binaries.Server, ServerProgram.Find(Binaries.Client + Path.DirectorySeparatorChar));
    }

    [Fact]
    public void It_is_found_beside_the_client() =>
        Assert.Equal(Binaries.Server, ServerProgram.Find(Path.GetDirectoryName(Binaries.Server)!));

    [Fact]
    public void Where_it_is_not_found_the_places_are_named()
    {
        string nowhere = Path.Combine(Path.GetTempPath(), "no", "such", "folder", "net10.0");

        var error = Assert.Throws<StageException>(() => ServerProgram.Find(nowhere));

        Assert.Contains(nowhere, error.Message);
        Assert.Contains("--program PATH", error.Message);
    }
}
