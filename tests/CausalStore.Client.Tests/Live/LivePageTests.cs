using System.Text.RegularExpressions;
using CausalStore.Client.Live;
using CausalStore.Client.Tests.Kit;

namespace CausalStore.Client.Tests.Live;

/// <summary>Who is answered, and who is not; what a browser makes of it is tested in one
/// (tests/browser).</summary>
public sealed class LivePageTests
{
    private const string Ours = "127.0.0.1:8080";
    private readonly Latest _state = new();
    private readonly List<string> _disturbed = [];
    private readonly LivePage _page;
    private string? _refusal;

    public LivePageTests() => _page = new LivePage(
        8080, "secret", _state,
        (from, link, _) =>
        {
            _disturbed.Add($"{from}: {Readable.Line(link.Line.Span)}");
            return Task.FromResult(_refusal);
        },
        TimeProvider.System);

    [Fact]
    public async Task The_page_knows_the_token_and_asks_only_where_it_comes_from()
    {
        string page = await AskAsync("GET", "/");

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", page);
        Assert.Contains("data-token=\"secret\"", page);
        Assert.Contains("default-src 'none'", page);
        Assert.Contains("connect-src 'self'", page);
        Assert.Contains("frame-ancestors 'none'", page);
        Assert.DoesNotMatch(new Regex(@"(src|href)\s*=|@import|url\(|import\(|\{\{"), page);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", await AskAsync("GET", "/", host: "localhost:8080"));
    }

    [Theory]
    [InlineData("evil.example:8080")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:8081")]
    [InlineData("")]
    public async Task Who_asks_for_another_host_is_refused_everything(string host)
    {
        Assert.StartsWith("HTTP/1.1 403 ", await AskAsync("GET", "/", host));
        Assert.StartsWith("HTTP/1.1 403 ", await AskAsync("GET", "/events", host));
        Assert.StartsWith("HTTP/1.1 403 ", await LinkAsync("1 3 cut", host, $"http://{host}"));
        Assert.Empty(_disturbed);
    }

    [Theory]
    [InlineData("http://evil.example", "secret")]
    [InlineData("http://localhost:8080", "secret")]
    [InlineData("null", "secret")]
    [InlineData("", "secret")]
    [InlineData($"http://{Ours}", "guessed")]
    [InlineData($"http://{Ours}", "")]
    public async Task Another_page_disturbs_no_links(string origin, string token)
    {
        string answer = await LinkAsync("1 3 cut", Ours, origin, token);

        Assert.StartsWith("HTTP/1.1 403 ", answer);
        Assert.Contains("Only this page's own switches", answer);
        Assert.Empty(_disturbed);
    }

    [Fact]
    public async Task A_switch_asks_the_server_that_sends()
    {
        Assert.StartsWith("HTTP/1.1 200 ", await LinkAsync("1 3 delay 10000"));
        Assert.StartsWith("HTTP/1.1 200 ", await LinkAsync("3 1 heal"));

        Assert.Equal(["1: link 3 delay 10000", "3: link 1 heal"], _disturbed);
    }

    [Fact]
    public async Task Nothing_but_a_link_can_be_asked_for()
    {
        await LinkAsync("1 3 cut\nwrite x 1");

        Assert.Equal("1: link 3 \"cut\\nwrite\" x 1", Assert.Single(_disturbed));
    }

    [Fact]
    public async Task A_refusal_is_told()
    {
        _refusal = "Server 1 refuses: no";

        string answer = await LinkAsync("1 3 cut");

        Assert.StartsWith("HTTP/1.1 409 ", answer);
        Assert.EndsWith("\r\n\r\nServer 1 refuses: no", answer);
        Assert.StartsWith("HTTP/1.1 400 ", await LinkAsync("one 3 cut"));
        Assert.StartsWith("HTTP/1.1 400 ", await LinkAsync("1"));
    }

    [Fact]
    public async Task What_is_not_here_is_said()
    {
        Assert.StartsWith("HTTP/1.1 404 ", await AskAsync("GET", "/favicon.ico"));
        Assert.StartsWith("HTTP/1.1 405 ", await AskAsync("GET", "/link"));
        Assert.StartsWith("HTTP/1.1 405 ", await AskAsync("DELETE", "/"));
    }

    [Fact]
    public async Task What_is_new_is_told_as_events()
    {
        using MemoryStream browser = new();
        using CancellationTokenSource closed = new();
        _state.Set("{\"a\":1}");
        var telling = _page.ServeAsync(browser, Request("GET", "/events", Ours), closed.Token);
        await Eventually.TrueAsync(() => Text(browser).EndsWith("data: {\"a\":1}\n\n"), "the first state");
        Assert.Contains("Content-Type: text/event-stream\r\n", Text(browser));

        _state.Set("{\"a\":2}");
        await Eventually.TrueAsync(() => Text(browser).EndsWith("data: {\"a\":2}\n\n"), "the second state");

        await closed.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => telling.InTime());
    }

    private static string Text(MemoryStream stream) => System.Text.Encoding.UTF8.GetString(stream.ToArray());

    private static HttpRequest Request(string method, string path, string host) =>
        new(method, path, new Dictionary<string, string> { ["host"] = host }, Body: "");

    private Task<string> AskAsync(string method, string path, string host = Ours) =>
        AskAsync(Request(method, path, host));

    private Task<string> LinkAsync(
        string body, string host = Ours, string origin = $"http://{Ours}", string token = "secret") =>
        AskAsync(new HttpRequest(
            "POST", "/link",
            new Dictionary<string, string> { ["host"] = host, ["origin"] = origin, ["x-token"] = token },
            body));

    private async Task<string> AskAsync(HttpRequest request)
    {
        using MemoryStream browser = new();
        await _page.ServeAsync(browser, request, Eventually.Stop).InTime();
        return Text(browser);
    }
}
