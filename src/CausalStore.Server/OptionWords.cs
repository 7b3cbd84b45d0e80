using System.Globalization;
using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Server;

/// <summary>Words of the command line and answers to questions; null: it is not one.</summary>
internal static class OptionWords
{
    private const string LocalHost = "127.0.0.1";
    private const double SecondsMost = 365 * 24 * 60 * 60;

    public static int? Port(string word) => (int?)Whole(word, ushort.MaxValue);

    public static ServerId? Id(string word) =>
        ServerId.TryParse(Encoding.UTF8.GetBytes(word), out var id) ? id : null;

    public static int? LineBytes(string word) =>
        Whole(word, ServerOptions.LineBytesMost) is { } bytes and > 0 ? (int)bytes : null;

    public static long? Bytes(string word) => Whole(word, long.MaxValue);

    /// <summary><c>HOST:PORT</c></summary>
    public static ServerAddress? Address(string word) =>
        Address(word, defaultHost: "") is { Host.Length: > 0 } found ? found : null;

    /// <summary>Any number of <c>PORT</c> and <c>HOST:PORT</c>, with spaces or commas between them.</summary>
    public static ServerAddress[]? Peers(string words)
    {
        ServerAddress?[] found =
        [
            .. words.Split([' ', ',', '\t'], StringSplitOptions.RemoveEmptyEntries)
                .Select(word => Address(word, LocalHost)),
        ];

        return found.Contains(null) ? null : [.. found.OfType<ServerAddress>()];
    }

    /// <summary>Seconds, with or without a decimal point.</summary>
    public static TimeSpan? Seconds(string word) =>
        double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= SecondsMost
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static ServerAddress? Address(string word, string defaultHost) =>
        ServerAddress.TryParse(Encoding.UTF8.GetBytes(word), defaultHost, out var address) && address.Listens
            ? address
            : null;

    private static long? Whole(string word, long most) =>
        long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            && number <= most
            ? number
            : null;
}
