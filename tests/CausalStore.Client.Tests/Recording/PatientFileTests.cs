using CausalStore.Client.Recording;
using CausalStore.Client.Tests.Kit;

namespace CausalStore.Client.Tests.Recording;

public sealed class PatientFileTests : IDisposable
{
    private readonly HistoryPath _path = new();

    [Fact]
    public async Task Who_comes_while_another_holds_the_file_waits()
    {
        var held = Open(FileMode.OpenOrCreate);
        var waiting = Task.Run(() => Open(FileMode.Open).Dispose(), Eventually.Stop);

        // Should it not wait, it has failed by then; it cannot succeed.
        await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromMilliseconds(50), Eventually.Stop));
        Assert.False(waiting.IsCompleted);
        await held.DisposeAsync();

        await waiting.InTime();
    }

    [Fact]
    public void What_is_not_there_is_not_waited_for()
    {
        Assert.Throws<FileNotFoundException>(() => Open(FileMode.Open));
        _path.Dispose();
        Assert.Throws<DirectoryNotFoundException>(() => Open(FileMode.OpenOrCreate));
    }

    public void Dispose() => _path.Dispose();

    private FileStream Open(FileMode mode) =>
        PatientFile.Open(_path.File, mode, FileAccess.ReadWrite, FileShare.None, buffer: 0);
}
