using CausalStore.Server.Network;

namespace CausalStore.Server.Tests.Network;

public sealed class SelectPollerTests : PollerTests
{
    internal override IPoller Create() => new SelectPoller();
}
