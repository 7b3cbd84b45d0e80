using System.Text.Json;
using CausalStore.Client.Live;
using CausalStore.Client.Tests.Kit;
using CausalStore.Protocol;

namespace CausalStore.Client.Tests.Live;

public sealed class LiveClusterTests : IAsyncDisposable
{
    private const string Time = "\"t\":\"2026-01-01T00:00:01.000000Z\"";
    private readonly CancellationTokenSource _ended = new();
    private readonly FakeServer _one = Server("1");
    private Task _run = Task.CompletedTask;
    private JsonElement _state;

    [Fact]
    public async Task Servers_that_were_not_named_are_found_and_all_tell_one_run()
    {
        await using var two = Server("2");
        Knows(_one, two, fault: ", dialled, cut");
        var cluster = Run(_one.Address);

        await StateAsync(cluster, state => Up(state, 0) && Up(state, 1));
        _one.Push(Start(1), Note(2, "hello"));
        two.Push(Start(2));

        await StateAsync(cluster, state => Lanes(state).SequenceEqual(["server 1", "server 2"]));
        var link = _state.GetProperty("servers")[0].GetProperty("links")[0];
        Assert.Equal((2, "cut"), (link.GetProperty("to").GetInt32(), link.GetProperty("state").GetString()));
        Assert.Contains("hello", _state.GetProperty("run").GetProperty("events").ToString());
    }

    [Fact]
    public async Task Clients_have_lanes_by_what_servers_tell_of_them_but_the_page_itself_has_none()
    {
        var cluster = Run(_one.Address);
        await StateAsync(cluster, state => Up(state, 0));

        _one.Push(
            Start(1),
            $"traced {{\"server\":1,\"seq\":2,{Time},\"event\":\"write\",\"version\":\"1@1\",\"needs\":\"-\","
                + "\"ops\":[[\"w\",\"x\",\"lost\"]],\"session\":2,\"name\":\"alice\"}");

        await StateAsync(cluster, state => Lanes(state).SequenceEqual(["alice", "server 1"]));
        Assert.Contains("alice writes x = lost", _state.GetProperty("run").GetProperty("events").ToString());
        Assert.Contains("hello client watch-ui", _one.Received);
    }

    [Fact]
    public async Task A_server_that_goes_away_is_down_and_comes_back()
    {
        var cluster = Run(_one.Address);
        await StateAsync(cluster, state => Up(state, 0));
        _one.Push(Start(1));
        await StateAsync(cluster, state => Lanes(state).Any());

        await _one.DisposeAsync();
        await StateAsync(cluster, state => !Up(state, 0));
        Assert.Contains("cannot be reached", _state.GetProperty("run").GetProperty("events").ToString());
        Assert.Equal("Server 1 is down", (await CutAsync(cluster, "1"))![..16]);

        await using var again = FakeServer.Start("1", _one.Port);
        again.Answer = _one.Answer;
        await StateAsync(cluster, state => Up(state, 0));
    }

    [Fact]
    public async Task A_server_with_two_addresses_is_fed_once()
    {
        var cluster = Run(_one.Address, new ServerAddress("localhost", _one.Port));

        await StateAsync(
            cluster, state => Up(state, 0) && state.GetProperty("servers").GetArrayLength() == 1);

        Assert.Single(_one.Received, line => line == "trace");
    }

    [Fact]
    public async Task Of_more_events_than_can_be_shown_the_oldest_are_gone_and_that_is_said()
    {
        var cluster = Run(10, _one.Address);
        await StateAsync(cluster, state => Up(state, 0));

        _one.Push([Start(1), .. Enumerable.Range(2, 30).Select(number => Note(number, $"{number}"))]);

        await StateAsync(cluster, state => state.GetProperty("dropped").GetInt64() == 21);
        Assert.Equal(10, _state.GetProperty("run").GetProperty("events").GetArrayLength());
    }

    [Fact]
    public async Task What_nobody_understands_is_left_out()
    {
        var cluster = Run(_one.Address);
        await StateAsync(cluster, state => Up(state, 0));

        _one.Push("traced {", "traced {\"event\":\"of-next-year\"}", Start(1));

        await StateAsync(cluster, state => Lanes(state).SequenceEqual(["server 1"]));
    }

    [Fact]
    public async Task A_server_that_does_not_tell_is_shown_with_the_reason()
    {
        _one.Answer = (_, line) => line == "trace" ? "error unknown-command 'trace' is no command\n" : null;
        var cluster = Run(_one.Address);

        await StateAsync(
            cluster, state => state.GetProperty("servers")[0].GetProperty("failure").GetString()!.Contains(
                "it does not tell what happens"));
        Assert.False(Up(_state, 0));
    }

    [Fact]
    public async Task A_link_is_disturbed_at_the_server_that_sends()
    {
        var cluster = Run(_one.Address);
        await StateAsync(cluster, state => Up(state, 0));

        Assert.Null(await CutAsync(cluster, "1"));
        await _one.ReceivesAsync("link 3 cut");
        Assert.Equal("Server 9 is not known here", await CutAsync(cluster, "9"));

        var tells = _one.Answer;
        _one.Answer = (connection, line) => line.StartsWith("link ", StringComparison.Ordinal)
            ? "error not-allowed start it with --allow-faults\n"
            : tells(connection, line);
        Assert.Equal("Server 1 refuses: start it with --allow-faults", await CutAsync(cluster, "1"));
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _run.InTime());
        await _one.DisposeAsync();
        _ended.Dispose();
    }

    private static FakeServer Server(string id)
    {
        var server = FakeServer.Start(id);
        server.Answer = Answer;
        return server;
    }

    private static string? Answer(FakeConnection connection, string line) =>
        line == "trace" || line.StartsWith("link ", StringComparison.Ordinal) ? "ok\n" : null;

    private static void Knows(FakeServer server, FakeServer other, string fault) =>
        server.Answer = (connection, line) => line switch
        {
            "members" => $"member {other.Id} b {other.Address} connected\nend 1\n",
            "status" => $"server {server.Id}\nlink.{other.Id} {other.Address} for 1 s{fault}\nend 2\n",
            _ => Answer(connection, line),
        };

    private static string Start(int id) =>
        $"traced {{\"server\":{id},\"seq\":1,{Time},\"event\":\"start\",\"consistency\":\"causal\"}}";

    private static string Note(int number, string text) =>
        $"traced {{\"server\":1,\"seq\":{number},{Time},\"event\":\"note\",\"text\":\"{text}\"}}";

    private static bool Up(JsonElement state, int index) =>
        state.GetProperty("servers").GetArrayLength() > index
        && state.GetProperty("servers")[index].GetProperty("isUp").GetBoolean();

    private static IEnumerable<string?> Lanes(JsonElement state) =>
        state.GetProperty("run").GetProperty("lanes").EnumerateArray()
            .Select(lane => lane.GetProperty("name").GetString());

    private static Task<string?> CutAsync(LiveCluster cluster, string from) => cluster.DisturbAsync(
        new ServerId(ushort.Parse(from)), RequestLine.Of("link", "3", "cut"), Eventually.Stop).InTime();

    private LiveCluster Run(params ServerAddress[] named) => Run(LiveCluster.EventsMax, named);

    private LiveCluster Run(int eventsMax, params ServerAddress[] named)
    {
        LiveCluster cluster = new(named, TimeProvider.System, eventsMax);
        _run = cluster.RunAsync(_ended.Token);
        return cluster;
    }

    private async Task StateAsync(LiveCluster cluster, Func<JsonElement, bool> wanted)
    {
        long number = 0;

        do
        {
            (number, string text) = await cluster.State.AfterAsync(number, Eventually.Stop).InTime();
            _state = JsonDocument.Parse(text).RootElement;
        }
        while (!wanted(_state));
    }
}
