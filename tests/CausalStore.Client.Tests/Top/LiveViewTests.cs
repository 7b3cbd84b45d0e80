using CausalStore.Client.Tests.Kit;
using CausalStore.Client.Top;
using CausalStore.Terminal;

namespace CausalStore.Client.Tests.Top;

public sealed class LiveViewTests : IAsyncDisposable
{
    private readonly FakeServer _server = FakeServer.Start();
    private readonly StringWriter _output = new();
    private readonly Keyboard _keyboard = new();
    private readonly ManualTime _time = new();
    private (int Columns, int Rows) _size = (80, 24);

    private string Shown => _output.ToString();

    [Fact]
    public async Task It_draws_on_a_screen_of_its_own_and_leaves_it_with_q()
    {
        var running = StartAsync(Eventually.Stop);
        await Eventually.TrueAsync(() => Shown.Contains("127.0.0.1"), "drawn");

        Press('x');
        Press('q');

        await running.InTime();
        Assert.StartsWith(Ansi.EnterOwnScreen + Ansi.GoHome + "cluster", Shown);
        Assert.EndsWith(Ansi.ClearBelow + Ansi.LeaveOwnScreen, Shown);
    }

    [Fact]
    public async Task It_looks_again_each_interval()
    {
        var running = StartAsync(Eventually.Stop);

        await _time.UntilAsync(
            Eventually.TrueAsync(() => _server.Received.Count(line => line == "status") == 3, "three rounds"),
            TimeSpan.FromSeconds(0.1));

        Press('q');
        await running.InTime();
    }

    [Fact]
    public async Task Another_size_is_drawn_at_once()
    {
        var running = StartAsync(Eventually.Stop);
        await Eventually.TrueAsync(() => Shown.Contains("127.0.0.1"), "drawn");
        int drawn = Shown.Length;

        _size = (40, 3);
        await _time.UntilAsync(
            Eventually.TrueAsync(() => Shown[drawn..].Contains("more rows"), "drawn again"),
            TimeSpan.FromMilliseconds(10));

        Press('q');
        await running.InTime();
        string again = Shown[drawn..];
        again = again[..again.IndexOf(Ansi.ClearBelow, StringComparison.Ordinal)];
        Assert.Equal(3, again.Split("\r\n").Length);
    }

    [Fact]
    public async Task Whatever_ends_it_the_terminal_is_as_it_was()
    {
        using CancellationTokenSource stop = new();
        var running = StartAsync(stop.Token);
        await Eventually.TrueAsync(() => Shown.Contains("127.0.0.1"), "drawn");

        await stop.CancelAsync();

        await running.InTime();
        Assert.EndsWith(Ansi.LeaveOwnScreen, Shown);
    }

    [Fact]
    public async Task A_terminal_that_is_gone_ends_it()
    {
        _keyboard.End();

        await StartAsync(Eventually.Stop).InTime();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task StartAsync(CancellationToken stop)
    {
        await using ClusterProbe cluster = new([_server.Address], TimeSpan.FromSeconds(30), _time);
        LiveView live = new(
            cluster, TextWriter.Synchronized(_output), hasColour: false, () => _size, _keyboard.Keys,
            TimeSpan.FromSeconds(1), _time);
        await live.RunAsync(stop);
    }

    private void Press(char character) => _keyboard.Press(
        new ConsoleKeyInfo(character, ConsoleKey.None, shift: false, alt: false, control: false));
}
