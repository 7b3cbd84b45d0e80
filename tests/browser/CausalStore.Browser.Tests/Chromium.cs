using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace CausalStore.Browser.Tests;

/// <summary>One browser for all tests: the Chromium of this machine, without a screen and without a
/// network.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Places =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        @"C:\Program Files\Google\Chrome\Application\chrome.exe",
    ];

    private readonly ConcurrentQueue<string> _problems = new();
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        string? chromium = Environment.GetEnvironmentVariable("CHROMIUM") ?? Array.Find(Places, File.Exists);
        Assert.SkipWhen(chromium is null, "no Chromium is installed; CHROMIUM may name one");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = chromium,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        });
    }

    /// <summary>What the pages have thrown, or asked the network for.</summary>
    public IReadOnlyCollection<string> Problems => _problems;

    /// <summary>Opens a page of a file.</summary>
    public Task<IPage> OpenAsync(string file, ColorScheme scheme = ColorScheme.Light) =>
        OpenAsync(new Uri(file), scheme);

    /// <summary>Opens a page of a file, or one that is served; it may ask for nothing of anybody
    /// else.</summary>
    public async Task<IPage> OpenAsync(Uri address, ColorScheme scheme)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = scheme,
            ViewportSize = new ViewportSize { Width = 1440, Height = 1000 },
            Offline = address.IsFile,
        });
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => _problems.Enqueue(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal))
            {
                _problems.Enqueue(request.Url);
            }
        };
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _problems.Enqueue(message.Text);
            }
        };
        await page.GotoAsync(address.AbsoluteUri);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
