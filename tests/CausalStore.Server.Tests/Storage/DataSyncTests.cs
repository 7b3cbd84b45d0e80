using CausalStore.Server.Storage;
using CausalStore.Server.Tests.Kit;

namespace CausalStore.Server.Tests.Storage;

public sealed class DataSyncTests
{
    [Fact]
    public void What_was_written_gets_to_the_disk()
    {
        using TemporaryDirectory temporary = new();
        string path = temporary.In("log");
        File.WriteAllText(path, "clock 1");
        using DataSync sync = new(path);

        sync.Flush();

        Assert.Equal(1, sync.Count);
    }

    [Fact]
    public void What_does_not_get_there_is_an_error()
    {
        Assert.SkipUnless(DataSync.IsCheaper, "only Linux has fdatasync");
        using DataSync sync = new("/dev/null");

        var failure = Assert.Throws<IOException>(sync.Flush);

        Assert.Contains("fdatasync of /dev/null failed", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, sync.Count);
    }
}
