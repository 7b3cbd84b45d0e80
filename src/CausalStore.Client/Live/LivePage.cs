using System.Text;
using CausalStore.Client.Timeline;
using CausalStore.Protocol;

namespace CausalStore.Client.Live;

/// <summary>
/// Answers browsers of this machine: the page, what is new, and its switches. Any page in the world can make
/// a browser ask here, so a request must name this machine as its host, and who disturbs a link must come
/// from our page and say the token that only our page was told.
/// </summary>
/// <param name="disturb">Asks a server for it; returns why that is refused, null: it is not.</param>
internal sealed class LivePage(
    int port, string token, Latest state,
    Func<ServerId, RequestLine, CancellationToken, Task<string?>> disturb, TimeProvider time)
{
    private static readonly TimeSpan SignOfLifeEvery = TimeSpan.FromSeconds(10);

    private readonly string[] _hosts = [$"127.0.0.1{PortText(port)}", $"localhost{PortText(port)}"];

    /// <summary>Answers one request; returns when the answer has ended.</summary>
    public async Task ServeAsync(Stream browser, HttpRequest request, CancellationToken stop)
    {
        if (request is { Method: "GET", Path: "/events" } && IsForUs(request))
        {
            await TellAsync(browser, stop);
            return;
        }

        var answer = await AnswerAsync(request, stop);
        await browser.WriteAsync(answer.ToBytes(), stop);
    }

    private async Task<HttpAnswer> AnswerAsync(HttpRequest request, CancellationToken stop) =>
        (request.Method, request.Path) switch
        {
            _ when !IsForUs(request) => HttpAnswer.Refused(
                "403 Forbidden", $"This page is only served as http://{_hosts[0]}/"),
            ("GET", "/") => HttpAnswer.Page(Page()),
            ("POST", "/link") when !IsFromOurPage(request) => HttpAnswer.Refused(
                "403 Forbidden", "Only this page's own switches disturb links. Reload it if it is from before"
                    + " watch-ui was started."),
            ("POST", "/link") => await DisturbAsync(request.Body, stop),
            (_, "/" or "/link" or "/events") => HttpAnswer.Refused("405 Method Not Allowed", ""),
            _ => HttpAnswer.Refused("404 Not Found", "There is only one page here: /"),
        };

    /// <summary>A browser does not name the usual one.</summary>
    private static string PortText(int port) => port == 80 ? "" : $":{port}";

    private bool IsForUs(HttpRequest request) => _hosts.Contains(request.Header("host"));

    private bool IsFromOurPage(HttpRequest request) =>
        request.Header("origin") == $"http://{request.Header("host")}" && request.Header("x-token") == token;

    private string Page()
    {
        StringWriter page = new();
        new HtmlPage([Run.Empty], "CausalStore, live", token).Write(page);
        return $"{page}";
    }

    /// <summary>The body is <c>FROM TO cut | delay MILLISECONDS | heal</c>.</summary>
    private async Task<HttpAnswer> DisturbAsync(string body, CancellationToken stop)
    {
        string[] words = body.Split(' ');

        if (words.Length < 3 || !ServerId.TryParse(Encoding.UTF8.GetBytes(words[0]), out var from))
        {
            return HttpAnswer.Refused("400 Bad Request", "It is: FROM TO cut | delay MILLISECONDS | heal");
        }

        var link = RequestLine.Of(["link", .. words[1..].Select(word => (Word)word)]);
        string? refusal = await disturb(from, link, stop);
        return refusal is null ? HttpAnswer.Done() : HttpAnswer.Refused("409 Conflict", refusal);
    }

    private async Task TellAsync(Stream browser, CancellationToken stop)
    {
        await browser.WriteAsync(HttpAnswer.EventsHead, stop);
        var next = state.AfterAsync(0, stop);

        while (true)
        {
            try
            {
                (long number, string text) = await next.WaitAsync(SignOfLifeEvery, time, stop);
                await browser.WriteAsync(Encoding.UTF8.GetBytes($"data: {text}\n\n"), stop);
                next = state.AfterAsync(number, stop);
            }
            catch (TimeoutException)
            {
                // Nobody tells us that a page is closed but the failing of what we send.
                await browser.WriteAsync(":\n\n"u8.ToArray(), stop);
            }
        }
    }
}
