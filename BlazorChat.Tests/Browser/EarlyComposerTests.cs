using BlazorChat.Tests.Support;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser;

/// <summary>People write before the circuit of their page is there, as on a page that comes back while they type.</summary>
public sealed class EarlyComposerTests(BrowserFixture browser, Place place) : IClassFixture<Place>
{
    [Theory]
    [InlineData("**/js/start*.js")]
    [InlineData("**/Composer.razor*.js")]
    public async Task What_is_written_while_the_page_becomes_interactive_is_sent_or_kept(string held)
    {
        using var ada = await place.JoinAsync("Ada");
        var room = await place.AddRoomAsync(ada);
        await using var person = await browser.NewPersonAsync(ada);
        var letGo = await OpenHeldAsync(person, room.Id, held);

        await person.Page.Keyboard.TypeAsync("first");
        await person.Page.Keyboard.PressAsync("Enter");
        await person.Page.Keyboard.TypeAsync("sec");
        await Assertions.Expect(person.Composer).ToHaveValueAsync("sec");
        letGo.SetResult();
        await person.Page.Keyboard.TypeAsync("ond", new() { Delay = 60 });

        await person.SeesAsync("first");
        await Assertions.Expect(person.Composer).ToHaveValueAsync("second");
        await Assertions.Expect(person.Composer).ToBeFocusedAsync();
        await person.Page.Keyboard.PressAsync("Enter");
        await person.SeesAsync("second");
        Assert.Equal(["first", "second"], await person.MessagesAsync());
    }

    [Fact]
    public async Task A_draft_is_there_before_the_circuit_and_can_be_sent()
    {
        using var ada = await place.JoinAsync("Ada");
        var room = await place.AddRoomAsync(ada);
        await using var person = await browser.NewPersonAsync(ada);
        await person.OpenRoomAsync(room.Id);
        await person.Composer.FillAsync("half a thought");
        var letGo = await OpenHeldAsync(person, room.Id, "**/js/start*.js");

        await Assertions.Expect(person.Composer).ToHaveValueAsync("half a thought");
        await person.Page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Assertions.Expect(person.Composer).ToHaveValueAsync("");
        letGo.SetResult();

        await person.SeesAsync("half a thought");
        await Assertions.Expect(person.Composer).ToHaveValueAsync("");
        Assert.Equal(["half a thought"], await person.MessagesAsync());
    }

    [Fact]
    public async Task An_edit_waits_for_the_circuit()
    {
        using var ada = await place.JoinAsync("Ada");
        var room = await place.AddRoomAsync(ada);
        await using var person = await browser.NewPersonAsync(ada);
        await person.OpenRoomAsync(room.Id);
        await person.SayAsync("one");
        await person.SeesAsync("one");
        await person.Composer.FillAsync("a draft");
        await person.Message(1).HoverAsync();
        await person.Action("Edit").ClickAsync();
        await Assertions.Expect(person.Composer).ToHaveValueAsync("one");
        await person.Composer.FillAsync("one, corrected");
        var letGo = await OpenHeldAsync(person, room.Id, "**/js/start*.js");

        await Assertions.Expect(person.Composer).ToHaveJSPropertyAsync("readOnly", true);
        await person.Composer.PressAsync("Enter");
        letGo.SetResult();

        await Assertions.Expect(person.Composer).ToHaveValueAsync("one, corrected");
        await person.Composer.PressAsync("Enter");
        await person.SeesAsync("one, corrected");
        await Assertions.Expect(person.Composer).ToHaveValueAsync("a draft");
        Assert.Equal(["one, corrected edited"], await person.LinesAsync());
    }

    /// <summary>Goes to the composer of a room whose page does not get one of its scripts until it is let go.</summary>
    private static async Task<TaskCompletionSource> OpenHeldAsync(Person person, int room, string script)
    {
        var letGo = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isAskedFor = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await person.Page.RouteAsync(script, async route =>
        {
            isAskedFor.TrySetResult();
            await letGo.Task;
            await route.ContinueAsync();
        });
        await (person.Page.Url.EndsWith($"/rooms/{room}", StringComparison.Ordinal)
            ? person.Page.ReloadAsync(new() { WaitUntil = WaitUntilState.Commit })
            : person.Page.GotoAsync($"rooms/{room}", new() { WaitUntil = WaitUntilState.Commit }));
        await isAskedFor.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await person.Composer.FocusAsync();
        await Assertions.Expect(person.Composer).ToHaveAttributeAsync("data-restored", "");
        return letGo;
    }
}
