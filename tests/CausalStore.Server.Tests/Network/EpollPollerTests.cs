using CausalStore.Server.Network;

namespace CausalStore.Server.Tests.Network;

public sealed class EpollPollerTests : PollerTests
{
    internal override IPoller Create()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "epoll is Linux's");
        return new EpollPoller();
    }
}
