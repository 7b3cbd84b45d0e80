using CausalStore.Protocol;

namespace CausalStore.Scenarios.Tests;

public sealed class ClientRequestTests
{
    [Fact]
    public void A_write_says_what_it_changes()
    {
        var request = ClientRequest.Parse("write from \"60 euro\" delete to");

        Assert.Equal(RequestVerb.Write, request.Verb);
        Assert.Equal([("from", "60 euro"), ("to", null)], request.Changes);
    }

    [Theory]
    [InlineData("read x \"two words\"", RequestVerb.Read, "x|two words")]
    [InlineData("scan user: 10", RequestVerb.Scan, "user:")]
    [InlineData("watch \"\"", RequestVerb.Watch, "")]
    [InlineData("unwatch x", RequestVerb.Unwatch, "x")]
    public void Others_say_which_keys_they_are_about(string line, RequestVerb verb, string keys)
    {
        var request = ClientRequest.Parse(line);

        Assert.Equal((verb, keys), (request.Verb, string.Join('|', request.Keys)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("read")]
    [InlineData("read \"\"")]
    [InlineData("write x")]
    [InlineData("link 3 cut")]
    [InlineData("status")]
    public void What_no_client_of_a_scenario_says_is_refused(string line) =>
        Assert.Throws<ProtocolException>(() => ClientRequest.Parse(line));
}
