using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Tests.Rooms.Previews;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms.Links;

/// <summary>Previews of links: they arrive while one reads, and are removed by the mouse and by keys.</summary>
public sealed class PreviewTests(BrowserFixture browser, PreviewSite site) : IClassFixture<PreviewSite>, IAsyncLifetime
{
    private Room _room = default!;
    private Person _ada = default!;
    private Person _minsu = default!;

    public async ValueTask InitializeAsync()
    {
        using var ada = await site.JoinAsync("Ada");
        using var minsu = await site.JoinAsync("김민수");
        _room = await site.AddRoomAsync(ada, minsu);
        await site.FillRoomAsync(_room, ada, count: 60, sequence => $"line {sequence}", lastRead: 60);
        _ada = await browser.NewPersonAsync(ada);
        _minsu = await browser.NewPersonAsync(minsu, width: 360, height: 740, scheme: ColorScheme.Dark, isTouch: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _minsu.DisposeAsync();
        await _ada.DisposeAsync();
    }

    [Fact]
    public async Task A_preview_arrives_moves_nothing_that_is_read_and_is_removed()
    {
        site.Pages.AddHtml("/long", $"""
            <title>A storm is coming to the coast this weekend, and people should stay at home</title>
            <meta name="description" content="{string.Concat(Enumerable.Repeat("It rains on Saturday and on Sunday. ", 12))}">
            <meta property="og:site_name" content="The Weather"><meta property="og:image" content="/p.png">
            """);
        var held = site.Pages.AddStalled("/held", "<title>Held</title><meta name=description content='It was late'>");
        await _minsu.OpenRoomAsync(_room.Id);
        await _ada.OpenRoomAsync(_room.Id);

        await _ada.SendMessageAsync($"Look at {site.Pages.Of("/long")} and {site.Pages.Of("/more")}");
        foreach (var person in new[] { _ada, _minsu })
        {
            await Assertions.Expect(person.Message(61).Locator(".preview-title")).ToHaveTextAsync(["A storm is coming to the coast this weekend, and people should stay at home", "More"]);
            await Assertions.Expect(person.Message(61).Locator(".preview").Nth(1)).ToBeInViewportAsync();
            await Assertions.Expect(person.Message(61).Locator(".preview-picture")).ToHaveJSPropertyAsync("complete", true);
            Assert.Equal(64, await person.Message(61).Locator(".preview-picture").EvaluateAsync<int>("picture => picture.naturalWidth"));
            await person.AssertAccessibleAsync();
        }

        await _ada.ScreenshotAsync("previews-light-wide");
        await _minsu.ScreenshotAsync("previews-dark-360");

        // Who reads further up is not moved by a card below or above.
        await _minsu.SendMessageAsync($"{site.Pages.Of("/held")}");
        await site.Pages.RequestedAsync("/held");
        await _ada.SendMessageAsync("last");
        await _ada.Message(20).EvaluateAsync("row => row.scrollIntoView()");
        await Assertions.Expect(_ada.Message(63)).Not.ToBeInViewportAsync();
        var before = await TopOfAsync(_ada, 20);
        held.SetResult();
        await Assertions.Expect(_ada.Message(62).Locator(".preview-title")).ToHaveTextAsync(["Held"]);
        Assert.Equal(before, await TopOfAsync(_ada, 20), tolerance: 1.0);

        // By a finger the reader's own, by the mouse one, and by keys all.
        await _minsu.PressLongAsync(_minsu.Message(61).Locator(".preview-text"));
        await Assertions.Expect(_minsu.Action("Copy link")).ToBeVisibleAsync();
        await Assertions.Expect(_minsu.Action("Remove link previews")).ToBeHiddenAsync();
        await Assertions.Expect(_ada.Message(62).Locator(".preview-remove")).ToBeHiddenAsync();
        await _ada.Message(61).Locator(".preview").Nth(1).HoverAsync();
        await _ada.Message(61).Locator(".preview-remove").Nth(1).ClickAsync();
        await Assertions.Expect(_minsu.Message(61).Locator(".preview")).ToHaveCountAsync(1);
        await _ada.Page.Mouse.MoveAsync(1, 1);
        await _ada.Page.GetByRole(AriaRole.Log).FocusAsync();
        for (var sequence = 63; sequence >= 61; sequence--)
        {
            await _ada.Page.Keyboard.PressAsync("ArrowUp");
            await Assertions.Expect(_ada.Message(sequence)).ToBeFocusedAsync();
        }

        await _ada.Page.Keyboard.PressAsync("Enter");
        await _ada.Action("More actions").PressAsync("Enter");
        await _ada.Action("Remove link previews").FocusAsync();
        await _ada.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(_ada.Message(61).Locator(".preview")).ToHaveCountAsync(0);
        await Assertions.Expect(_ada.Message(61)).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_reader_who_wants_no_previews_sees_none_and_others_do()
    {
        await _ada.OpenRoomAsync(_room.Id);
        await _minsu.OpenRoomAsync(_room.Id);
        await _ada.SendMessageAsync($"Look at {site.Pages.Of("/more")}");
        var preview = _ada.Message(61).Locator(".preview");
        await Assertions.Expect(preview).ToBeVisibleAsync();

        // Another page of the reader, at the account.
        var account = await _ada.Page.Context.NewPageAsync();
        await account.GotoAsync($"{site.Node.Address}account/manage");
        var choice = account.GetByLabel("Show link previews");
        await Assertions.Expect(choice).ToBeCheckedAsync();
        await choice.UncheckAsync();
        await Assertions.Expect(preview).ToBeHiddenAsync();
        await Assertions.Expect(_minsu.Message(61).Locator(".preview")).ToBeVisibleAsync();

        // The first HTML has it too, before a script runs.
        await _ada.Page.ReloadAsync();
        await Assertions.Expect(_ada.Message(61)).ToBeVisibleAsync();
        await Assertions.Expect(preview).ToBeHiddenAsync();
        var first = await _ada.Page.Context.APIRequest.GetAsync($"{site.Node.Address}rooms/{_room.Id}");
        Assert.Contains("<html lang=\"en\" data-no-previews", await first.TextAsync(), StringComparison.Ordinal);

        await account.ReloadAsync();
        await Assertions.Expect(choice).Not.ToBeCheckedAsync();
        await choice.CheckAsync();
        await Assertions.Expect(preview).ToBeVisibleAsync();
    }

    private static Task<double> TopOfAsync(Person person, int sequence) => person.Message(sequence).EvaluateAsync<double>("row => row.getBoundingClientRect().top");
}
