using System.Collections;
using System.Net.Sockets;

namespace CausalStore.Server.Network;

/// <summary>
/// <see cref="Socket.Select(IList, IList, IList, TimeSpan)"/>, which every system has: as good as epoll for
/// some dozens of sockets; a turn costs what is connected. .NET calls poll or, on Windows, select with lists
/// as long as needed, so there is no limit of 1,024 sockets, only one of 65,536.
/// </summary>
internal sealed class SelectPoller : IPoller
{
    private static readonly TimeSpan LookAtLeastEvery = TimeSpan.FromMinutes(1);

    private readonly Dictionary<Socket, Watch> _watches = [];
    private readonly List<Socket> _reads = [];
    private readonly List<Socket> _writes = [];
    private readonly WakeUp _wakeUp = new();

    public SelectPoller() => Add(_wakeUp.Socket, _wakeUp, Interest.Read);

    public Watch Add(Socket socket, object owner, Interest interest)
    {
        Watch watch = new(socket, owner) { Interest = interest, Slot = 0 };
        _watches.Add(socket, watch);
        return watch;
    }

    public void Change(Watch watch, Interest interest) => watch.Interest = interest;

    public void Remove(Watch watch)
    {
        _watches.Remove(watch.Socket);
        watch.Slot = -1;
    }

    public void Wait(TimeSpan timeout, List<Ready> ready)
    {
        ready.Clear();
        Collect();
        Socket.Select(_reads, _writes, null, InRange(timeout));

        foreach (var socket in _reads)
        {
            var owner = _watches[socket].Owner;

            if (owner == _wakeUp)
            {
                _wakeUp.Reset();
            }
            else
            {
                ready.Add(new Ready(owner, CanRead: true, CanWrite: false, IsBroken: false));
            }
        }

        foreach (var socket in _writes)
        {
            ready.Add(new Ready(_watches[socket].Owner, CanRead: false, CanWrite: true, IsBroken: false));
        }
    }

    public void Wake() => _wakeUp.Set();

    public void Dispose() => _wakeUp.Dispose();

    private void Collect()
    {
        _reads.Clear();
        _writes.Clear();

        foreach (var (socket, watch) in _watches)
        {
            if ((watch.Interest & Interest.Read) != 0)
            {
                _reads.Add(socket);
            }

            if ((watch.Interest & Interest.Write) != 0)
            {
                _writes.Add(socket);
            }
        }
    }

    private static TimeSpan InRange(TimeSpan timeout) =>
        timeout < TimeSpan.Zero ? TimeSpan.Zero
        : timeout < LookAtLeastEvery ? timeout
        : LookAtLeastEvery;
}
