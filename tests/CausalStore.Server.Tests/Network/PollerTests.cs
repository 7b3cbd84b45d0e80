using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CausalStore.Server.Network;

namespace CausalStore.Server.Tests.Network;

/// <summary>What every poller promises.</summary>
public abstract class PollerTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    private readonly List<Socket> _sockets = [];
    private readonly List<Ready> _ready = [];
    private IPoller? _poller;

    private IPoller Poller => _poller ??= Create();

    [Fact]
    public void Nothing_is_ready_when_nothing_happens()
    {
        var (here, _) = Pair();
        Poller.Add(here, "here", Interest.Read);

        Poller.Wait(TimeSpan.Zero, _ready);

        Assert.Empty(_ready);
    }

    [Fact]
    public void A_socket_with_bytes_is_ready_until_they_are_received()
    {
        var (here, there) = Pair();
        Poller.Add(here, "here", Interest.Read);
        there.Send([1]);

        Poller.Wait(Long, _ready);
        Assert.Equal([new Ready("here", CanRead: true, CanWrite: false, IsBroken: false)], _ready);
        Poller.Wait(Long, _ready);
        Assert.Single(_ready);

        here.Receive(new byte[8]);
        Poller.Wait(TimeSpan.Zero, _ready);
        Assert.Empty(_ready);
    }

    [Fact]
    public void Room_to_send_is_said_only_to_who_wants_to_know()
    {
        var (here, _) = Pair();
        var watch = Poller.Add(here, "here", Interest.Read);
        Poller.Wait(TimeSpan.Zero, _ready);
        Assert.Empty(_ready);

        Poller.Change(watch, Interest.Read | Interest.Write);
        Poller.Wait(Long, _ready);
        Assert.True(Assert.Single(_ready).CanWrite);

        Poller.Change(watch, Interest.Read);
        Poller.Wait(TimeSpan.Zero, _ready);
        Assert.Empty(_ready);
    }

    [Fact]
    public void Bytes_are_not_said_to_who_does_not_want_to_know()
    {
        var (here, there) = Pair();
        var watch = Poller.Add(here, "here", Interest.None);
        there.Send([1]);
        Poller.Wait(TimeSpan.FromMilliseconds(20), _ready);
        Assert.Empty(_ready);

        Poller.Change(watch, Interest.Read);
        Poller.Wait(Long, _ready);
        Assert.Single(_ready);
    }

    [Fact]
    public void The_end_of_the_other_side_is_something_to_read()
    {
        var (here, there) = Pair();
        Poller.Add(here, "here", Interest.Read);
        there.Dispose();

        Poller.Wait(Long, _ready);

        Assert.True(Assert.Single(_ready).CanRead);
        Assert.Equal(0, here.Receive(new byte[8]));
    }

    [Fact]
    public void A_removed_socket_is_not_heard_of_again_and_its_place_is_taken()
    {
        var (first, there) = Pair();
        var watch = Poller.Add(first, "first", Interest.Read);
        there.Send([1]);
        Poller.Remove(watch);
        first.Dispose();
        var (second, other) = Pair();
        Poller.Add(second, "second", Interest.Read);
        other.Send([1]);

        Poller.Wait(Long, _ready);

        Assert.Equal("second", Assert.Single(_ready).Owner);
    }

    [Fact]
    public void A_connection_that_waits_makes_a_listener_ready()
    {
        using var listener = Listener.Open("127.0.0.1", 0);
        Poller.Add(listener.Socket, "listener", Interest.Read);
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(IPAddress.Loopback, listener.Port);

        Poller.Wait(Long, _ready);

        Assert.Equal("listener", Assert.Single(_ready).Owner);
    }

    [Fact]
    public void The_time_limit_ends_a_wait_and_is_not_cut_short()
    {
        var watch = Stopwatch.StartNew();

        Poller.Wait(TimeSpan.FromMilliseconds(50.4), _ready);

        Assert.Empty(_ready);
        Assert.InRange(watch.ElapsedMilliseconds, 50, Long.TotalMilliseconds);
    }

    [Fact]
    public async Task Another_thread_ends_a_wait()
    {
        var poller = Poller;

        var wait = Task.Run(() => poller.Wait(Long, _ready), TestContext.Current.CancellationToken);
        poller.Wake();
        await wait.WaitAsync(Long / 2, TestContext.Current.CancellationToken);

        Assert.Empty(_ready);
    }

    [Fact]
    public void Many_wakes_before_a_wait_end_one_wait()
    {
        for (int count = 0; count < 1000; count++)
        {
            Poller.Wake();
        }

        var watch = Stopwatch.StartNew();
        Poller.Wait(Long, _ready);
        Assert.True(watch.Elapsed < Long / 2);

        watch.Restart();
        Poller.Wait(TimeSpan.FromMilliseconds(50), _ready);
        Assert.InRange(watch.ElapsedMilliseconds, 50, Long.TotalMilliseconds);
    }

    [Fact]
    public void More_than_1024_sockets_are_no_problem()
    {
        const int Count = 1100;
        var pairs = Enumerable.Range(0, Count).Select(_ => Pair()).ToList();

        for (int index = 0; index < Count; index++)
        {
            Poller.Add(pairs[index].Here, index, Interest.Read);
        }

        pairs[0].There.Send([1]);
        pairs[1050].There.Send([1]);
        pairs[^1].There.Send([1]);
        HashSet<object> heard = [];

        while (heard.Count < 3)
        {
            Poller.Wait(Long, _ready);
            Assert.NotEmpty(_ready);
            heard.UnionWith(_ready.Select(ready => ready.Owner));
        }

        Assert.Equal([0, 1050, Count - 1], heard.Cast<int>().Order());
    }

    public void Dispose()
    {
        _sockets.ForEach(socket => socket.Dispose());
        _poller?.Dispose();
        GC.SuppressFinalize(this);
    }

    internal abstract IPoller Create();

    private (Socket Here, Socket There) Pair()
    {
        var (here, there) = Sockets.Pair();
        _sockets.Add(here);
        _sockets.Add(there);
        return (here, there);
    }
}
