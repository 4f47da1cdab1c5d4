using BlazorChat.Data;
using BlazorChat.Tests.Support;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser;

/// <summary>People write before the circuit of their page is there, as on a page that comes back while they type.</summary>
public sealed class EarlyComposerTests(BrowserFixture browser, Place place) : IClassFixture<Place>, IAsyncLifetime
{
    private Room _room = default!;
    private Person _ada = default!;

    public async ValueTask InitializeAsync()
    {
        using var ada = await place.JoinAsync("Ada");
        _room = await place.AddRoomAsync(ada);
        _ada = await browser.NewPersonAsync(ada);
    }

    public ValueTask DisposeAsync() => _ada.DisposeAsync();

    [Theory]
    [InlineData("**/js/start*.js")]
    [InlineData("**/Composer.razor*.js")]
    public async Task What_is_written_while_the_page_becomes_interactive_is_sent_or_kept(string held)
    {
        var letGo = await OpenHeldAsync(held);

        await _ada.Page.Keyboard.TypeAsync("first");
        await _ada.Page.Keyboard.PressAsync("Enter");
        await _ada.Page.Keyboard.TypeAsync("sec");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("sec");
        await Assertions.Expect(_ada.Outbox.GetByRole(AriaRole.Listitem)).ToHaveTextAsync("first");
        letGo.SetResult();
        await _ada.Page.Keyboard.TypeAsync("ond", new() { Delay = 60 });

        await _ada.SeesAsync("first");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("second");
        await Assertions.Expect(_ada.Composer).ToBeFocusedAsync();
        await _ada.Page.Keyboard.PressAsync("Enter");
        await _ada.SeesAsync("second");
        Assert.Equal(["first", "second"], await _ada.MessagesAsync());
    }

    [Fact]
    public async Task A_draft_is_there_before_the_circuit_and_can_be_sent()
    {
        await _ada.OpenRoomAsync(_room.Id);
        await _ada.Composer.FillAsync("half a thought");
        var letGo = await OpenHeldAsync("**/js/start*.js");

        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("half a thought");
        await _ada.Page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("");
        letGo.SetResult();

        await _ada.SeesAsync("half a thought");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("");
        Assert.Equal(["half a thought"], await _ada.MessagesAsync());
    }

    [Fact]
    public async Task An_edit_waits_for_the_circuit()
    {
        await _ada.OpenRoomAsync(_room.Id);
        await _ada.SayAsync("one");
        await _ada.SeesAsync("one");
        await _ada.Composer.FillAsync("a draft");
        await _ada.Message(1).HoverAsync();
        await _ada.Action("Edit").ClickAsync();
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("one");
        await _ada.Composer.FillAsync("one, corrected");
        var letGo = await OpenHeldAsync("**/js/start*.js");

        await Assertions.Expect(_ada.Composer).ToHaveJSPropertyAsync("readOnly", true);
        await _ada.Composer.PressAsync("Enter");
        letGo.SetResult();

        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("one, corrected");
        await _ada.Composer.PressAsync("Enter");
        await _ada.SeesAsync("one, corrected");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("a draft");
        Assert.Equal(["one, corrected edited"], await _ada.LinesAsync());
    }

    /// <summary>Goes to the composer of the room, whose page does not get one of its scripts until it is let go.</summary>
    private async Task<TaskCompletionSource> OpenHeldAsync(string script)
    {
        var letGo = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isAskedFor = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _ada.Page.RouteAsync(script, async route =>
        {
            isAskedFor.TrySetResult();
            await letGo.Task;
            await route.ContinueAsync();
        });
        await (_ada.Page.Url.EndsWith($"/rooms/{_room.Id}", StringComparison.Ordinal)
            ? _ada.Page.ReloadAsync(new() { WaitUntil = WaitUntilState.Commit })
            : _ada.Page.GotoAsync($"rooms/{_room.Id}", new() { WaitUntil = WaitUntilState.Commit }));
        await isAskedFor.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await _ada.Composer.FocusAsync();
        await Assertions.Expect(_ada.Composer).ToHaveAttributeAsync("data-restored", "");
        return letGo;
    }
}
