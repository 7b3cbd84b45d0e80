using CausalStore.Client.Tests.Kit;
using CausalStore.Client.Top;
using CausalStore.Protocol;

namespace CausalStore.Client.Tests.Top;

public sealed class ClusterProbeTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<FakeServer> _servers = [];
    private ClusterProbe? _cluster;

    [Fact]
    public async Task One_server_is_enough_to_find_all()
    {
        StartServers(3);

        var view = await AskAsync(_servers[1].Address);

        Assert.Equal(["1", "2", "3"], view.Servers.Select(server => $"{server.Id}"));
        Assert.All(view.Servers, server => Assert.NotNull(server.Report));
        Assert.Equal(3, view.Reports.Count());
    }

    [Fact]
    public async Task A_server_that_is_named_twice_is_asked_once()
    {
        StartServers(1);

        var view = await AskAsync(_servers[0].Address, new ServerAddress("localhost", _servers[0].Port));

        Assert.Single(view.Servers);
    }

    [Fact]
    public async Task A_server_that_is_down_is_shown_as_down_and_comes_back()
    {
        StartServers(2);
        await AskAsync(_servers[0].Address);
        int port = _servers[1].Port;
        await _servers[1].DisposeAsync();

        var down = (await AskAsync()).Servers[1];
        Assert.Equal("2", $"{down.Id}");
        Assert.Null(down.Report);
        Assert.NotEqual("", down.Failure);

        _servers[1] = FakeServer.Start("2", port);
        _servers[1].Answer = Answer;
        Assert.NotNull((await AskAsync()).Servers[1].Report);
    }

    [Fact]
    public async Task Who_never_answered_is_known_by_the_others_or_by_its_address()
    {
        StartServers(2);
        await _servers[1].DisposeAsync();
        ServerAddress nowhere = new("127.0.0.1", await FakeServer.ClosedPortAsync());

        var view = await AskAsync(nowhere, _servers[0].Address);

        Assert.Equal(["1", "2", ""], view.Servers.Select(server => $"{server.Id}"));
        Assert.Contains("nothing listens there", view.Servers[2].Failure);
        Assert.Equal("2", $"{(await AskAsync()).Servers[1].Id}");
    }

    [Fact]
    public async Task A_server_that_hangs_does_not_hold_up_the_others()
    {
        StartServers(2);
        _servers[1].Answer = (_, _) => "";
        _cluster = new ClusterProbe(
            [_servers[0].Address], TimeSpan.FromMilliseconds(300), TimeProvider.System);

        var view = await AskAsync();

        Assert.NotNull(view.Servers[0].Report);
        Assert.Equal("no answer within 0.3 s", view.Servers[1].Failure);
    }

    [Fact]
    public async Task A_server_that_was_forgotten_is_let_go()
    {
        StartServers(2);
        await AskAsync(_servers[0].Address);
        await _servers[1].DisposeAsync();
        _servers.RemoveAt(1);

        Assert.Single((await AskAsync()).Servers);
    }

    [Theory]
    [InlineData("blue")]
    [InlineData("-")]
    public async Task Rates_are_there_from_the_second_round_on_without_what_was_asked_for_them(string cluster)
    {
        StartServers(1);
        _servers[0].Cluster = cluster;
        int requests = 0;
        _servers[0].Answer = (connection, line) =>
        {
            requests++;
            return line == "status"
                ? $"server 1\ninstance I1\nrequests {requests}\nwrites 0\nreceived 0\nsent 0\ndelayed 1\n"
                    + "end 7\n"
                : line == "pending" ? "delayed 3@2 1 2@1 write z glad\nend 1\n"
                : Answer(connection, line);
        };

        var first = (await AskAsync(_servers[0].Address)).Servers[0];
        var second = (await AskAsync()).Servers[0];

        Assert.Null(first.Rates);
        Assert.Equal(new Rates(0, 0, 0, 0), second.Rates);
        Assert.Single(second.Report!.Pending);
    }

    [Fact]
    public async Task Where_very_much_waits_it_is_only_counted()
    {
        StartServers(1);
        _servers[0].Answer = (connection, line) => line == "status"
            ? "server 1\ndelayed 100000\nend 2\n"
            : Answer(connection, line);

        await AskAsync(_servers[0].Address);

        Assert.DoesNotContain("pending", _servers[0].Received);
    }

    [Fact]
    public async Task What_is_no_server_of_ours_is_said()
    {
        StartServers(1);
        _servers[0].Answer = (connection, line) => line == "status" ? "end 0\n" : Answer(connection, line);

        var view = await AskAsync(_servers[0].Address);

        Assert.Contains("does not say which server", view.Servers[0].Failure);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private void StartServers(int count)
    {
        for (int number = 1; number <= count; number++)
        {
            _servers.Add(FakeServer.Start($"{number}"));
            _servers[^1].Answer = Answer;
        }
    }

    private Task<ClusterView> AskAsync(params ServerAddress[] named)
    {
        _cluster ??= new ClusterProbe(named, Patience, TimeProvider.System);
        return _cluster.AskAsync(Eventually.Stop).InTime();
    }

    /// <summary>Everybody knows the same, whoever is asked.</summary>
    private string? Answer(FakeConnection connection, string line) => line == "members"
        ? string.Concat(_servers.Select(Member)) + $"end {_servers.Count}\n"
        : null;

    private static string Member(FakeServer server) =>
        $"member {server.Id} I 127.0.0.1:{server.Port} connected\n";
}
