using Microsoft.Playwright;

namespace CausalStore.Browser.Tests;

/// <summary>The page as a browser shows it, and as a person uses it.</summary>
public sealed class TimelinePageTests(Chromium chromium) : IClassFixture<Chromium>, IDisposable
{
    private const string Z = ".mark[data-kind=apply][data-version='3@2'][aria-label*='released by 2@1']";
    private readonly Pages _pages = new();

    [Fact]
    public async Task There_are_lanes_for_servers_and_clients()
    {
        var page = await CausalAsync();

        Assert.Equal(
            ["alice", "server 1", "bob", "dave", "server 2", "carol", "carol~2", "server 3"],
            await page.Locator(".head b").AllInnerTextsAsync());
        Assert.NotEqual(0, await page.Locator("line.lane.server[data-lane='server 3']").CountAsync());
    }

    [Fact]
    public async Task There_are_arrows_for_messages_and_the_late_one_is_the_longest()
    {
        var page = await CausalAsync();

        Assert.Equal(8, await page.Locator("[data-kind=replication]").CountAsync());
        Assert.Equal(1, await page.Locator(".message.late").CountAsync());
        double[] heights = await page.EvaluateAsync<double[]>(
            "[...document.querySelectorAll('.message')].map(one => one.getBBox().height)");
        double late = await page.Locator(".message.late").EvaluateAsync<double>(
            "one => one.getBBox().height");
        Assert.Equal(heights.Max(), late);
        Assert.True(late > 100);
    }

    [Fact]
    public async Task There_is_a_bar_for_the_delay_with_its_reason()
    {
        var page = await CausalAsync();

        var bar = page.Locator(".waits .wait");
        Assert.Equal(1, await bar.CountAsync());
        Assert.Equal("z = glad (3@2) waits for y = found (2@1)", await bar.GetAttributeAsync("data-reason"));
        Assert.True((await bar.BoundingBoxAsync())!.Height > 80);
        Assert.Matches(
            @"^2\.3\d s for y = found \(2@1\)$", await page.Locator("text.why").TextContentAsync());
    }

    [Fact]
    public async Task A_click_lights_the_causal_past_and_future_and_dims_the_rest()
    {
        var page = await CausalAsync();

        await page.Locator(Z).ClickAsync();

        string[] past = await LabelsAsync(page, ".mark.past");
        Assert.Contains("alice writes y = found, which becomes 2@1", past);
        Assert.Contains("bob reads y = found", past);
        Assert.Contains("server 3 applies y = found (2@1) from server 1", past);
        Assert.Contains("server 3 holds back z = glad (3@2) from server 2: 2@1 is not here", past);
        Assert.Contains("carol is shown z = glad", await LabelsAsync(page, ".mark.future"));
        string[] dim = await LabelsAsync(page, ".mark.dim");
        Assert.Contains("dave writes weather = sunny, which becomes 4@2", dim);
        Assert.Contains("server 3 applies weather = sunny (4@2) from server 2", dim);
        Assert.Equal(1, await page.Locator(".message.late.past").CountAsync());
        Assert.Contains("waits for y = found", await page.Locator("#details .because").InnerTextAsync());

        await page.Keyboard.PressAsync("Escape");
        Assert.Equal(0, await page.Locator(".dim").CountAsync());
    }

    [Fact]
    public async Task It_can_be_used_without_a_mouse()
    {
        var page = await CausalAsync();
        await page.Locator(".mark[tabindex='0']").FocusAsync();

        await page.Keyboard.PressAsync("ArrowDown");
        Assert.Equal(
            "server 1 accepts x = lost of alice as 1@1",
            await page.Locator(":focus").GetAttributeAsync("aria-label"));
        await page.Keyboard.PressAsync("ArrowLeft");
        Assert.Equal(
            "alice writes x = lost, which becomes 1@1",
            await page.Locator(":focus").GetAttributeAsync("aria-label"));
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal(1, await page.Locator(".mark.chosen:focus").CountAsync());
        Assert.NotEqual(0, await page.Locator(".mark.future").CountAsync());
    }

    [Fact]
    public async Task A_key_is_found()
    {
        var page = await CausalAsync();

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("weather");

        Assert.All(
            await LabelsAsync(page, ".mark.hit"), label => Assert.Matches("weather|and 1 more", label));
        Assert.Contains(
            "dave writes weather = sunny, which becomes 4@2", await LabelsAsync(page, ".mark.hit"));
        Assert.Contains("bob writes z = glad, which becomes 3@2", await LabelsAsync(page, ".mark.dim"));
        Assert.Matches("^[1-9]", await page.Locator("#found").InnerTextAsync());
    }

    [Fact]
    public async Task Time_can_be_logical()
    {
        var page = await CausalAsync();
        double before = (await page.Locator(".waits .wait").BoundingBoxAsync())!.Height;

        await page.GetByText("Logical time").ClickAsync();

        Assert.Equal("true", await page.Locator("#logical").GetAttributeAsync("aria-pressed"));
        Assert.Equal(0, await page.Locator(".tick").CountAsync());
        Assert.NotEqual(before, (await page.Locator(".waits .wait").BoundingBoxAsync())!.Height);
    }

    [Fact]
    public async Task The_slider_shows_a_moment_and_what_the_servers_have_then()
    {
        var page = await CausalAsync();
        var store = page.Locator(".head.server > span").Last;
        Assert.Contains("z=glad", await store.TextContentAsync());
        Assert.False(await page.Locator(".veil").IsVisibleAsync());

        await page.Locator("#now").FillAsync("450");

        Assert.True(await page.Locator(".veil").IsVisibleAsync());
        Assert.StartsWith("x=lost", await store.TextContentAsync());
        Assert.DoesNotContain("z=glad", await store.TextContentAsync());
    }

    [Fact]
    public async Task The_replay_goes_down_by_itself_and_can_be_stopped()
    {
        var page = await CausalAsync();

        await page.Locator("#play").ClickAsync();
        await Assertions.Expect(page.Locator("#now")).Not.ToHaveValueAsync("1000");
        await Assertions.Expect(page.Locator(".veil")).ToBeVisibleAsync();
        Assert.Equal("true", await page.Locator("#play").GetAttributeAsync("aria-pressed"));
        await page.Locator("#play").ClickAsync();

        Assert.Equal("false", await page.Locator("#play").GetAttributeAsync("aria-pressed"));
        Assert.True(await page.Locator(".veil").IsVisibleAsync());
    }

    [Fact]
    public async Task It_is_dark_where_the_system_is_dark_and_can_be_switched()
    {
        var page = await chromium.OpenAsync(
            await _pages.DrawAsync(Pages.LostRing("causal")), ColorScheme.Dark);
        const string Background = "getComputedStyle(document.body).backgroundColor";

        Assert.Equal("rgb(22, 24, 29)", await page.EvaluateAsync<string>(Background));
        await page.Locator("#theme").ClickAsync();
        Assert.Equal("rgb(251, 250, 247)", await page.EvaluateAsync<string>(Background));
    }

    [Fact]
    public async Task Two_runs_stand_beside_each_other_and_the_anomaly_is_marked()
    {
        var page = await chromium.OpenAsync(
            await _pages.DrawAsync(Pages.LostRing("causal"), "--diff", Pages.LostRing("eventual")));

        Assert.Equal(["Causal", "Eventual"], await page.Locator(".caption h2").AllInnerTextsAsync());
        Assert.Equal("one effect before its cause", await page.Locator(".caption .wrong").InnerTextAsync());
        Assert.Equal(
            "before 2@1, its cause", await page.Locator("[data-run='1'] text.bad").TextContentAsync());
        await Assertions.Expect(page.Locator("[data-run='1'] .mark.wrong .dot")).ToBeInViewportAsync();
        await Assertions.Expect(page.Locator("[data-run='0'] .wait")).ToBeInViewportAsync();
        Assert.Equal(0, await page.Locator("[data-run='0'] text.bad").CountAsync());
    }

    [Fact]
    public async Task Twenty_thousand_events_scroll_smoothly()
    {
        var page = await chromium.OpenAsync(await _pages.DrawAsync(_pages.WriteLongTrace(writes: 5000)));
        Assert.StartsWith("20,00", await page.Locator(".caption p").First.InnerTextAsync());

        double[] frames = await page.EvaluateAsync<double[]>(
            """
            () => new Promise(done => {
              const scroller = document.querySelector('.scroller'), frames = [];
              let last = performance.now();
              const step = now => {
                frames.push(now - last);
                last = now;
                scroller.scrollTop += 120;
                if (frames.length < 200) requestAnimationFrame(step); else done(frames);
              };
              requestAnimationFrame(step);
            })
            """);

        double median = frames.Order().ElementAt(frames.Length / 2);
        Assert.True(median < 40, $"half of the frames took more than {median} ms");
        Assert.InRange(await page.Locator(".mark").CountAsync(), 20, 1000);
        await page.EvaluateAsync("document.querySelector('.scroller').scrollTop = 1e9");
        await page.Locator(".mark[data-version='5000@3']").First.WaitForAsync();
    }

    public void Dispose()
    {
        _pages.Dispose();
        Assert.Empty(chromium.ProblemsOfFiles);
    }

    private static Task<string[]> LabelsAsync(IPage page, string marks) => page.EvaluateAsync<string[]>(
        "marks => [...document.querySelectorAll(marks)].map(mark => mark.getAttribute('aria-label'))", marks);

    private async Task<IPage> CausalAsync() =>
        await chromium.OpenAsync(await _pages.DrawAsync(Pages.LostRing("causal")));
}
