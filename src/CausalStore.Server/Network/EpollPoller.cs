using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace CausalStore.Server.Network;

/// <summary>Linux's epoll: a turn costs what is ready, not what is connected.</summary>
internal sealed partial class EpollPoller : IPoller
{
    private const int EventsPerWait = 512;
    private const int Interrupted = 4;
    private const uint In = 0x001;
    private const uint Out = 0x004;
    private const uint Error = 0x008;
    private const uint HungUp = 0x010;
    private const int CloseOnExec = 0x80000;

    // struct epoll_event is a 32-bit mask and 64 bits of data, without a gap between them on x86 only.
    private static readonly bool IsPacked =
        RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;

    private static readonly int EventBytes = IsPacked ? 12 : 16;
    private static readonly int DataOffset = IsPacked ? 4 : 8;

    private readonly byte[] _events = new byte[EventsPerWait * EventBytes];
    private readonly List<Watch?> _slots = [];
    private readonly Stack<int> _freeSlots = [];
    private readonly WakeUp _wakeUp = new();
    private readonly int _epoll;

    public EpollPoller()
    {
        _epoll = Create(CloseOnExec);
        Check(_epoll);
        Add(_wakeUp.Socket, _wakeUp, Interest.Read);
    }

    private enum Operation
    {
        Add = 1,
        Delete = 2,
        Modify = 3,
    }

    public Watch Add(Socket socket, object owner, Interest interest)
    {
        Watch watch = new(socket, owner) { Interest = interest };

        if (!_freeSlots.TryPop(out int slot))
        {
            slot = _slots.Count;
            _slots.Add(null);
        }

        watch.Slot = slot;
        _slots[slot] = watch;
        Control(Operation.Add, watch);
        return watch;
    }

    public void Change(Watch watch, Interest interest)
    {
        if (watch.Interest != interest)
        {
            watch.Interest = interest;
            Control(Operation.Modify, watch);
        }
    }

    public void Remove(Watch watch)
    {
        Control(Operation.Delete, watch);
        _slots[watch.Slot] = null;
        _freeSlots.Push(watch.Slot);
        watch.Slot = -1;
    }

    public void Wait(TimeSpan timeout, List<Ready> ready)
    {
        ready.Clear();
        int milliseconds = (int)Math.Ceiling(Math.Clamp(timeout.TotalMilliseconds, 0, int.MaxValue));
        int count = Wait(_epoll, _events, EventsPerWait, milliseconds);

        // A signal ends the wait early: an empty turn does no harm.
        Check(count < 0 && Marshal.GetLastPInvokeError() == Interrupted ? 0 : count);

        for (int index = 0; index < count; index++)
        {
            var happened = _events.AsSpan(index * EventBytes, EventBytes);
            uint mask = MemoryMarshal.Read<uint>(happened);
            var watch = _slots[MemoryMarshal.Read<int>(happened[DataOffset..])]!;

            if (watch.Owner == _wakeUp)
            {
                _wakeUp.Reset();
                continue;
            }

            bool isBroken = (mask & (Error | HungUp)) != 0;
            ready.Add(new Ready(watch.Owner, (mask & In) != 0 || isBroken, (mask & Out) != 0, isBroken));
        }
    }

    public void Wake() => _wakeUp.Set();

    public void Dispose()
    {
        _wakeUp.Dispose();
        _ = Close(_epoll);
    }

    private void Control(Operation operation, Watch watch)
    {
        Span<byte> wanted = stackalloc byte[16];
        wanted.Clear();
        uint mask = ((watch.Interest & Interest.Read) != 0 ? In : 0)
            | ((watch.Interest & Interest.Write) != 0 ? Out : 0);
        MemoryMarshal.Write(wanted, mask);
        MemoryMarshal.Write(wanted[DataOffset..], watch.Slot);

        int descriptor = (int)watch.Socket.SafeHandle.DangerousGetHandle();
        Check(Control(_epoll, (int)operation, descriptor, ref wanted[0]));
    }

    private static void Check(int result)
    {
        if (result < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int epoll, int operation, int descriptor, ref byte wanted);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int Wait(int epoll, [Out] byte[] events, int eventsMax, int milliseconds);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
