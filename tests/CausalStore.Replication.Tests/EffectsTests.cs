using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class EffectsTests
{
    [Fact]
    public void While_a_session_traces_single_messages_are_told_and_not_before_or_after()
    {
        var server = new TestServer(TestServer.Alone().Options, isTracing: false);
        var client = server.Connect();
        client.Say("read x");
        Assert.DoesNotContain(server.Notices, notice => notice is Notice.KeysShown);

        var tracer = server.Connect();
        Assert.Equal("ok", tracer.Say("trace"));
        Assert.Equal("ok", tracer.Say("trace"));
        Assert.Same(tracer.Session, Assert.Single(server.Effects.Tracers));
        client.Say("read x");
        Assert.Single(server.Notices, notice => notice is Notice.KeysShown);

        tracer.Leave();
        client.Say("read x");
        Assert.Single(server.Notices, notice => notice is Notice.KeysShown);
    }
}
