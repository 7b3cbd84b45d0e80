using CausalStore.Server.Storage;
using CausalStore.Server.Tests.Kit;

namespace CausalStore.Server.Tests.Storage;

public sealed class ReserveTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void It_holds_as_much_room_as_it_says_until_it_is_released()
    {
        string path = _temporary.In("reserve");
        Reserve reserve = new(path, bytes: (1 << 20) + 17);

        Assert.True(reserve.TryHold());
        Assert.Equal((1 << 20) + 17, new FileInfo(path).Length);

        reserve.Release();
        Assert.False(reserve.IsHeld);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void One_that_was_left_half_made_is_made_whole()
    {
        string path = _temporary.In("reserve");
        File.WriteAllText(path, "half");

        Assert.True(new Reserve(path, bytes: 1000).TryHold());
        Assert.Equal(1000, new FileInfo(path).Length);
    }

    [Fact]
    public void Where_there_is_no_room_there_is_none()
    {
        Reserve reserve = new(Path.Combine(_temporary.In("nowhere"), "reserve"), bytes: 1000);

        Assert.False(reserve.TryHold());
        Assert.False(reserve.IsHeld);
    }
}
