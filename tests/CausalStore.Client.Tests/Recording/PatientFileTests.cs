using CausalStore.Client.Recording;
using CausalStore.Client.Tests.Kit;

namespace CausalStore.Client.Tests.Recording;

public sealed class PatientFileTests : IDisposable
{
    private readonly HistoryPath _path = new();

    [Fact]
    public void Who_comes_while_another_holds_the_file_waits()
    {
        var holding = Open(FileMode.OpenOrCreate);
        int pauses = 0;

        using var opened = Open(FileMode.Open, () =>
        {
            if (++pauses == 3)
            {
                holding.Dispose();
            }
        });

        Assert.Equal(3, pauses);
    }

    [Fact]
    public void But_not_for_ever()
    {
        using var holding = Open(FileMode.OpenOrCreate);

        Assert.Throws<IOException>(() => Open(FileMode.Open, () => { }));
    }

    [Fact]
    public void What_is_not_there_is_not_waited_for()
    {
        Assert.Throws<FileNotFoundException>(() => Open(FileMode.Open));
        _path.Dispose();
        Assert.Throws<DirectoryNotFoundException>(() => Open(FileMode.OpenOrCreate));
    }

    public void Dispose() => _path.Dispose();

    private FileStream Open(FileMode mode, Action? pause = null) =>
        PatientFile.Open(_path.File, mode, FileAccess.ReadWrite, FileShare.None, pause);
}
