using System.Net;
using System.Net.Sockets;
using System.Text;
using CausalStore.Client.Live;
using CausalStore.Client.Tests.Kit;

namespace CausalStore.Client.Tests.Live;

public sealed class LoopbackHttpTests : IAsyncDisposable
{
    private readonly LoopbackHttp _http = new(port: 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _run;

    public LoopbackHttpTests() => _run = _http.RunAsync(
        (browser, request, stop) =>
            browser.WriteAsync(HttpAnswer.Page($"<p>{request.Path}").ToBytes(), stop).AsTask(),
        _ended.Token);

    [Fact]
    public async Task A_browser_is_answered()
    {
        using HttpClient browser = new();

        string text = await browser.GetStringAsync(
            new Uri($"http://127.0.0.1:{_http.Port}/here"), Eventually.Stop);

        Assert.Equal("<p>/here", text);
    }

    [Fact]
    public async Task What_is_no_request_is_told_so_and_others_go_on()
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, _http.Port, Eventually.Stop);
        await client.GetStream().WriteAsync("write x lost\r\n\r\n"u8.ToArray(), Eventually.Stop);
        using StreamReader answer = new(client.GetStream(), Encoding.UTF8);

        Assert.StartsWith("HTTP/1.1 400 ", await answer.ReadLineAsync(Eventually.Stop));
        await A_browser_is_answered();
    }

    [Fact]
    public async Task Who_asks_nothing_keeps_out_nobody_but_too_many_are_closed()
    {
        List<TcpClient> silent = [];

        for (int count = 0; count < 65; count++)
        {
            silent.Add(new TcpClient());
            await silent[^1].ConnectAsync(IPAddress.Loopback, _http.Port, Eventually.Stop);
        }

        int read = await silent[^1].GetStream().ReadAsync(new byte[1], Eventually.Stop).AsTask().InTime();
        Assert.Equal(0, read);
        silent.ForEach(client => client.Dispose());
        await Eventually.TrueAsync(IsAnswered, "there is room again");
    }

    [Fact]
    public void A_port_is_had_once() => Assert.Throws<SocketException>(() => new LoopbackHttp(_http.Port));

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _run.InTime());
        _http.Dispose();
        _ended.Dispose();
    }

    private bool IsAnswered()
    {
        try
        {
            A_browser_is_answered().Wait(Eventually.Limit, Eventually.Stop);
            return true;
        }
        catch (AggregateException)
        {
            return false;
        }
    }
}
