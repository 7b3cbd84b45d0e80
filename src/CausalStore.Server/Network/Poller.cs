using System.Net.Sockets;

namespace CausalStore.Server.Network;

/// <summary>What somebody wants to know of a socket.</summary>
[Flags]
internal enum Interest
{
    None = 0,

    /// <summary>There is something to receive or to accept, or the other side has closed.</summary>
    Read = 1,

    /// <summary>There is room to send.</summary>
    Write = 2,
}

/// <summary>A socket that is watched: made by <see cref="IPoller.Add"/>, changed only through its
/// poller.</summary>
internal sealed class Watch(Socket socket, object owner)
{
    public Socket Socket { get; } = socket;

    public object Owner { get; } = owner;

    public Interest Interest { get; set; }

    /// <summary>The poller's own place for it; -1: not watched any more.</summary>
    public int Slot { get; set; } = -1;
}

/// <summary>A socket that is ready.</summary>
/// <param name="IsBroken">Both directions are dead; said even to those who want to know nothing.</param>
internal readonly record struct Ready(object Owner, bool CanRead, bool CanWrite, bool IsBroken);

/// <summary>
/// Which sockets are ready. Level-triggered: what is not dealt with is said again. Everything but
/// <see cref="Wake"/> belongs to one thread.
/// </summary>
internal interface IPoller : IDisposable
{
    Watch Add(Socket socket, object owner, Interest interest);

    void Change(Watch watch, Interest interest);

    /// <summary>Call it before the socket is closed.</summary>
    void Remove(Watch watch);

    /// <summary>Waits until a socket is ready, somebody calls <see cref="Wake"/>, or the time is
    /// over.</summary>
    /// <param name="ready">Is emptied, and filled with what is ready.</param>
    void Wait(TimeSpan timeout, List<Ready> ready);

    /// <summary>Ends a <see cref="Wait"/>, the next one if none is under way. For any thread.</summary>
    void Wake();
}

internal static class Pollers
{
    /// <summary>The best that this system has.</summary>
    public static IPoller Create() => OperatingSystem.IsLinux() ? new EpollPoller() : new SelectPoller();
}
