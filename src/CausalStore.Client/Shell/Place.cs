namespace CausalStore.Client.Shell;

/// <summary>What can stand somewhere in a request.</summary>
internal enum Expected
{
    Nothing,
    Verb,
    ReadOrScan,
    WriteOrDelete,
    Key,
    Server,
    Action,
    Topic,
}

/// <summary>Where in a request somebody is who types it.</summary>
internal static class Place
{
    /// <param name="words">Those that are done.</param>
    public static Expected Of(ReadOnlySpan<string> words) => words switch
    {
        [] => Expected.Verb,
        ["read", ..] => Expected.Key,
        ["write" or "delete", ..] => OfOperations(words),
        ["scan", ..] => words.Length is 1 or 3 ? Expected.Key : Expected.Nothing,
        ["watch" or "unwatch" or "await" or "why" or "history"] => Expected.Key,
        ["link"] or ["forget"] => Expected.Server,
        ["link", _] => Expected.Action,
        ["help"] => Expected.Topic,
        ["final"] => Expected.ReadOrScan,
        ["final", .. var rest] => Of(rest),
        _ => Expected.Nothing,
    };

    private static Expected OfOperations(ReadOnlySpan<string> words)
    {
        int place = 0;

        while (place < words.Length)
        {
            int length = words[place] == "write" ? 3 : 2;

            if (place + length > words.Length)
            {
                return place + 1 == words.Length ? Expected.Key : Expected.Nothing;
            }

            place += length;
        }

        return Expected.WriteOrDelete;
    }
}
