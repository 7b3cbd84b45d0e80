namespace CausalStore.Client.Top;

/// <summary>How much a server does in a second.</summary>
/// <param name="Requests">Of clients, but for those that were asked for this.</param>
internal readonly record struct Rates(double Requests, double Writes, double Received, double Sent)
{
    /// <summary>Null: it has not been asked twice since it began, or does not count.</summary>
    /// <param name="asked">Requests of ours from after the first report up to the second one.</param>
    public static Rates? Between(ServerReport first, ServerReport second, TimeSpan apart, int asked)
    {
        if (apart <= TimeSpan.Zero || first["instance"] != second["instance"]
            || Grown("requests") is not { } requests || Grown("writes") is not { } writes
            || Grown("received") is not { } received || Grown("sent") is not { } sent)
        {
            return null;
        }

        double seconds = apart.TotalSeconds;
        return new Rates(
            Math.Max(0, requests - asked) / seconds, writes / seconds, received / seconds, sent / seconds);

        double? Grown(string name) =>
            second.Number(name) - first.Number(name) is >= 0 and var more ? more : null;
    }
}
