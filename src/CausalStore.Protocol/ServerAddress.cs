using System.Buffers.Text;
using System.Text;

namespace CausalStore.Protocol;

/// <summary>Where a server listens: a host name or IP address, and a port from 1 to 65,535; port 0 says that
/// it does not listen.</summary>
public readonly record struct ServerAddress(string Host, int Port)
{
    /// <summary>Bytes in a host's name, at most.</summary>
    public const int HostBytesMax = 255;

    public bool Listens => Port != 0;

    /// <summary>Whether the word may name a host: it is bare, so that it stays one word wherever it is shown.
    /// </summary>
    public static bool IsHost(ReadOnlySpan<byte> word) => word.Length <= HostBytesMax && Quoting.IsBare(word);

    /// <summary>Reads <c>PORT</c> (the host is then <paramref name="defaultHost"/>), <c>HOST:PORT</c> or
    /// <c>[IPv6]:PORT</c>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> word, string defaultHost, out ServerAddress address)
    {
        int colon = word.LastIndexOf((byte)':');
        var port = word[(colon + 1)..];
        bool isNumber = Utf8Parser.TryParse(port, out ushort number, out int used) && used == port.Length;

        if (colon < 0)
        {
            address = new ServerAddress(defaultHost, number);
            return isNumber;
        }

        var host = word[..colon];
        bool isBracketed = host is [(byte)'[', .., (byte)']'];
        host = isBracketed ? host[1..^1] : host;
        address = new ServerAddress(Encoding.UTF8.GetString(host), number);

        // Without brackets nobody could tell the colons of an IPv6 address from the one before the port.
        return isNumber && IsHost(host) && isBracketed == host.Contains((byte)':');
    }

    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
