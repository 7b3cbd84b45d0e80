using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CausalStore.Browser.Tests;

/// <summary>The page of a run that goes on, as a classroom sees it.</summary>
public sealed class LivePageTests(Chromium chromium) : IClassFixture<Chromium>
{
    static LivePageTests() => SetDefaultExpectTimeout(30_000);

    [Fact]
    public async Task The_lost_ring_is_played_with_the_switches_of_the_page()
    {
        using var cluster = await LiveCluster.StartAsync();
        var page = await OpenAsync(cluster);
        using var alice = await cluster.ConnectAsync(1, "alice");
        using var bob = await cluster.ConnectAsync(2, "bob");
        using var carol = await cluster.ConnectAsync(3, "carol");
        await alice.AskAsync("write x lost");
        await carol.AwaitAsync("1@1");
        var link = page.Locator("[data-link='1-3']");

        await link.GetByText("Cut").ClickAsync();
        await Expect(link).ToHaveAttributeAsync("data-state", "cut");
        await Expect(link.GetByText("Cut")).ToHaveAttributeAsync("aria-pressed", "true");
        await alice.AskAsync("write y found");
        await bob.AwaitAsync("2@1");
        Assert.Equal("value y found 2@1", await bob.AskAsync("read y"));
        await bob.AskAsync("write z glad");

        await Expect(page.Locator(".waits .wait")).ToHaveAttributeAsync(
            "data-reason", "z = glad (3@2) waits for y = found (2@1)");
        await Expect(page.Locator("text.why")).ToContainTextAsync("s so far for y = found (2@1)");
        Assert.Equal("missing z", await carol.AskAsync("read z"));
        await LookAsync(page, "waiting");

        await link.GetByText("Heal").FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        await Expect(link).ToHaveAttributeAsync("data-state", "open");
        await Expect(page.Locator(".mark[aria-label*='released by 2@1']")).ToBeVisibleAsync();
        await Expect(page.Locator(".head.server > span").Last).ToContainTextAsync("z=glad");
        Assert.Equal(
            ["alice", "server 1", "bob", "server 2", "carol", "server 3"],
            await page.Locator(".head b").AllInnerTextsAsync());
        await Expect(page.Locator(".mark[aria-label='bob reads y = found']")).ToBeVisibleAsync();
        await LookAsync(page, "healed");
        Assert.Empty(chromium.ProblemsOf(page));
    }

    [Fact]
    public async Task A_link_is_delayed_and_what_is_on_its_way_arrives_when_it_is_healed()
    {
        using var cluster = await LiveCluster.StartAsync();
        var page = await OpenAsync(cluster);
        using var alice = await cluster.ConnectAsync(1, "alice");
        using var carol = await cluster.ConnectAsync(3, "carol");
        var link = page.Locator("[data-link='1-3']");

        await link.GetByText("Delay 10 s").ClickAsync();

        await Expect(link).ToHaveAttributeAsync("data-state", "delay");
        await Expect(link.GetByText("Delay 10 s")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(page.Locator(".mark[data-kind=fault]")).ToHaveAttributeAsync(
            "aria-label", "server 1: from now on what goes to server 3 takes 10 s");
        await Expect(page.Locator("[data-link='1-2']")).ToHaveAttributeAsync("data-state", "open");
        await Expect(page.Locator("#links .refusal")).ToBeHiddenAsync();
        await alice.AskAsync("write x late");
        Assert.Equal("missing x", await carol.AskAsync("read x"));

        await link.GetByText("Heal").ClickAsync();
        await carol.AwaitAsync("1@1");
        await Expect(link).ToHaveAttributeAsync("data-state", "open");
    }

    [Fact]
    public async Task What_has_the_focus_and_what_is_chosen_stay_so_when_something_happens()
    {
        using var cluster = await LiveCluster.StartAsync();
        var page = await OpenAsync(cluster);
        using var alice = await cluster.ConnectAsync(1, "alice");
        using var bob = await cluster.ConnectAsync(2, "bob");
        await alice.AskAsync("write x 1");
        const string Label = "alice writes x = 1, which becomes 1@1";
        await page.Locator($".mark[aria-label='{Label}']").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".mark.chosen:focus")).ToHaveAttributeAsync("aria-label", Label);

        await bob.AskAsync("write y 2");
        await Expect(page.Locator(".mark.dim[aria-label^='bob writes y = 2']")).ToBeVisibleAsync();
        await Expect(page.Locator(".mark.chosen:focus")).ToHaveAttributeAsync("aria-label", Label);

        await page.Keyboard.PressAsync("Escape");
        await bob.AskAsync("write y 3");
        await Expect(page.Locator(".mark[aria-label^='bob writes y = 3']")).ToBeVisibleAsync();
        await Expect(page.Locator(".mark:focus")).ToHaveAttributeAsync("aria-label", Label);
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.Locator(".mark:focus")).ToHaveAttributeAsync(
            "aria-label", "server 1 accepts x = 1 of alice as 1@1");
    }

    [Fact]
    public async Task Where_the_oldest_events_go_what_is_looked_at_stays_where_it_is()
    {
        const int EventsOfWrite = 7, EventsMax = 4000;
        using var cluster = await LiveCluster.StartAsync();
        var page = await OpenAsync(cluster);
        using var alice = await cluster.ConnectAsync(1, "alice");
        await WriteAsync(alice, "old", count: EventsMax * 3 / 4 / EventsOfWrite);
        await alice.AskAsync("write looked-at here");
        await WriteAsync(alice, "more", count: 10);
        var mark = page.Locator(".mark[aria-label^='alice writes looked-at = here']");
        await Expect(page.Locator(".mark[aria-label^='server 2 applies more = 10']")).ToBeVisibleAsync();
        await Expect(page.Locator(".mark[aria-label^='server 3 applies more = 10']")).ToBeVisibleAsync();
        await page.Locator("#follow").ClickAsync();
        await Expect(page.Locator("#follow")).ToHaveAttributeAsync("aria-pressed", "false");
        await mark.FocusAsync();
        double y = (await mark.BoundingBoxAsync())!.Y;

        await WriteAsync(alice, "new", count: EventsMax / 2 / EventsOfWrite);

        await Expect(page.Locator(".live")).ToContainTextAsync("events are gone");
        await Expect(page.Locator(".mark:focus")).ToHaveAttributeAsync(
            "aria-label", await mark.GetAttributeAsync("aria-label") ?? "");
        Assert.Equal(y, (await mark.BoundingBoxAsync())!.Y, tolerance: 3);
    }

    [Fact]
    public async Task A_server_that_is_started_again_is_followed_again_and_its_switches_work()
    {
        using var cluster = await LiveCluster.StartAsync();
        var page = await OpenAsync(cluster);
        using var alice = await cluster.ConnectAsync(1, "alice");
        await alice.AskAsync("write x before");
        await Expect(page.Locator(".mark[aria-label^='server 2 applies x = before']")).ToBeVisibleAsync();

        await cluster.EndServerAsync(2);
        await Expect(page.Locator(".live")).ToContainTextAsync("2 of 3 servers");
        await Expect(page.Locator(".head.down b")).ToHaveTextAsync("server 2");
        await cluster.StartAgainAsync(2);
        await Expect(page.Locator(".live")).ToContainTextAsync("3 of 3 servers");
        await Expect(page.Locator(".head.down")).ToHaveCountAsync(0);

        using var bob = await cluster.ConnectAsync(2, "bob");
        Assert.Equal("value x before 1@1", await bob.AskAsync("read x"));
        await bob.AskAsync("write y after");
        await Expect(page.Locator(".mark[aria-label^='bob writes y = after']")).ToBeVisibleAsync();
        await Expect(page.Locator(".mark[aria-label^='server 1 applies y = after']")).ToBeVisibleAsync();
        var link = page.Locator("[data-link='2-1']");
        await link.GetByText("Cut").ClickAsync();
        await Expect(link).ToHaveAttributeAsync("data-state", "cut");
        Assert.Empty(chromium.ProblemsOf(page));
    }

    [Fact]
    public async Task What_cannot_be_done_is_said_and_who_scrolls_up_is_left_there()
    {
        using var cluster = await LiveCluster.StartAsync(allowFaults: false);
        var page = await OpenAsync(cluster, ColorScheme.Dark);
        using var alice = await cluster.ConnectAsync(1, "alice");

        await page.Locator("[data-link='1-2']").GetByText("Delay 10 s").ClickAsync();
        await Expect(page.Locator("#links .refusal")).ToContainTextAsync("--allow-faults");

        await cluster.EndServerAsync(2);
        await Expect(page.Locator(".sender.down legend")).ToContainTextAsync("server 2");
        await Expect(page.Locator(".head.down b")).ToHaveTextAsync("server 2");
        await Expect(page.Locator("[data-link='2-1'] button").First).ToBeDisabledAsync();
        await LookAsync(page, "down");

        await WriteAsync(alice, "more", count: 40);
        await Expect(page.Locator(".mark[aria-label*='more = 40']").Last).ToBeInViewportAsync();
        Assert.Equal("true", await page.Locator("#follow").GetAttributeAsync("aria-pressed"));
        await page.EvaluateAsync("document.querySelector('.scroller').scrollTop = 100");
        await Expect(page.Locator("#follow")).ToHaveAttributeAsync("aria-pressed", "false");
        await WriteAsync(alice, "last", count: 1);
        await Expect(page.Locator(".caption p")).Not.ToHaveTextAsync("");
        Assert.Equal(100, await page.EvaluateAsync<double>("document.querySelector('.scroller').scrollTop"));
        await page.Locator("#follow").ClickAsync();
        await Expect(page.Locator(".mark[aria-label*='last = 1']").Last).ToBeInViewportAsync();
    }

    /// <summary>The page, once it hears of everybody.</summary>
    private async Task<IPage> OpenAsync(LiveCluster cluster, ColorScheme colours = ColorScheme.Light)
    {
        var page = await chromium.OpenAsync(cluster.Page, colours);
        await Expect(page.Locator(".live")).ToContainTextAsync("3 of 3 servers");
        return page;
    }

    private static async Task WriteAsync(LiveClient client, string key, int count)
    {
        for (int number = 1; number <= count; number++)
        {
            await client.AskAsync($"write {key} {number}");
        }
    }

    /// <summary>For whoever wants to see it: SCREENSHOTS names a folder.</summary>
    private static async Task LookAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("SCREENSHOTS") is { } folder)
        {
            string path = Path.Combine(folder, $"{name}.png");
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = path });
        }
    }
}
