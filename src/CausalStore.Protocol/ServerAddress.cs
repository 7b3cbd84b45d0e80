using System.Buffers.Text;
using System.Text;

namespace CausalStore.Protocol;

/// <summary>Where a server listens: a host name or IP address, and a port from 1 to 65,535; port 0 says that
/// it does not listen.</summary>
public readonly record struct ServerAddress(string Host, int Port)
{
    public bool Listens => Port != 0;

    /// <summary>Reads <c>PORT</c> (the host is then <paramref name="defaultHost"/>), <c>HOST:PORT</c> or
    /// <c>[IPv6]:PORT</c>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> word, string defaultHost, out ServerAddress address)
    {
        int colon = word.LastIndexOf((byte)':');
        var port = word[(colon + 1)..];
        var host = colon < 0 ? [] : word[..colon];

        if (host.Length > 2 && host[0] == '[' && host[^1] == ']')
        {
            host = host[1..^1];
        }

        bool isNumber = Utf8Parser.TryParse(port, out ushort number, out int used) && used == port.Length;
        address = new ServerAddress(colon < 0 ? defaultHost : Encoding.UTF8.GetString(host), number);
        return isNumber && colon != 0 && host.Length <= 255;
    }

    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
