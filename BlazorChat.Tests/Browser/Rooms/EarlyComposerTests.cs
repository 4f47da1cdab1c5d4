using BlazorChat.Data.Entities.Rooms;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms;

/// <summary>People write before the circuit of their page has started, as after a reload.</summary>
public sealed class EarlyComposerTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private Room _room = default!;
    private Person _ada = default!;

    public async ValueTask InitializeAsync()
    {
        using var ada = await site.JoinAsync("Ada");
        _room = await site.AddRoomAsync(ada);
        _ada = await browser.NewPersonAsync(ada);
    }

    public ValueTask DisposeAsync() => _ada.DisposeAsync();

    [Fact]
    public async Task Text_that_is_written_while_the_page_becomes_interactive_is_sent_or_stays()
    {
        var composerScript = new HeldStep();
        await _ada.Page.ExposeFunctionAsync("holdComposer", composerScript.WaitAsync);
        var circuit = await OpenWithoutCircuitAsync();
        await _ada.Page.EvaluateAsync(
            """
            () => {
                const { attach } = scripts.Composer;
                scripts.Composer = { attach: async (...parameters) => { await holdComposer(); return attach(...parameters); } };
            }
            """);

        await _ada.Page.Keyboard.TypeAsync("first");
        await _ada.Page.Keyboard.PressAsync("Enter");
        await _ada.Page.Keyboard.TypeAsync("sec");
        await AssertWaitsAsync("first", "sec");
        circuit.Release();
        await _ada.Page.Keyboard.TypeAsync("ond th", new() { Delay = 60 });
        await composerScript.Requested;
        await _ada.Page.Keyboard.TypeAsync("oughts");

        // Blazor's box is there now, and its script is not.
        await AssertWaitsAsync("first", "second thoughts");
        await _ada.Page.Keyboard.PressAsync("Enter");
        await _ada.Page.Keyboard.TypeAsync("third");
        composerScript.Release();

        await _ada.SeesAsync("second thoughts");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("third");
        await Assertions.Expect(_ada.Composer).ToBeFocusedAsync();
        await _ada.Page.Keyboard.PressAsync("Enter");
        await _ada.SeesAsync("third");
        Assert.Equal(["first", "second thoughts", "third"], await _ada.MessagesAsync());
    }

    [Fact]
    public async Task A_draft_is_there_before_the_circuit_and_can_be_sent()
    {
        await _ada.OpenRoomAsync(_room.Id);
        await _ada.Composer.FillAsync("half a thought");
        var circuit = await OpenWithoutCircuitAsync();

        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("half a thought");
        await _ada.Page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("");
        circuit.Release();

        await _ada.SeesAsync("half a thought");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("");
        Assert.Equal(["half a thought"], await _ada.MessagesAsync());
    }

    [Fact]
    public async Task An_edit_waits_for_the_circuit()
    {
        await _ada.OpenRoomAsync(_room.Id);
        await _ada.SendMessageAsync("one");
        await _ada.SeesAsync("one");
        await _ada.Composer.FillAsync("a draft");
        await _ada.Message(1).HoverAsync();
        await _ada.Action("Edit").ClickAsync();
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("one");
        await _ada.Composer.FillAsync("one, corrected");
        var circuit = await OpenWithoutCircuitAsync();

        await Assertions.Expect(_ada.Composer).ToHaveJSPropertyAsync("readOnly", true);
        await _ada.Composer.PressAsync("Enter");
        circuit.Release();

        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("one, corrected");
        await _ada.Composer.PressAsync("Enter");
        await _ada.SeesAsync("one, corrected");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("a draft");
        Assert.Equal(["one, corrected edited"], await _ada.LinesAsync());
    }

    private async Task AssertWaitsAsync(string sent, string written)
    {
        await Assertions.Expect(_ada.Outbox.GetByRole(AriaRole.Listitem)).ToHaveTextAsync(sent);
        await Assertions.Expect(_ada.Outbox.GetByText(sent)).ToBeVisibleAsync();
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync(written);
        await Assertions.Expect(_ada.Composer).ToBeFocusedAsync();
    }

    /// <summary>Opens the composer of the room on a page that becomes interactive when the test releases its circuit.</summary>
    private async Task<HeldStep> OpenWithoutCircuitAsync()
    {
        var circuit = new HeldStep();
        await _ada.Page.RouteAsync("**/_blazor/negotiate?*", async route =>
        {
            await circuit.WaitAsync();
            await route.ContinueAsync();
        });
        await (_ada.Page.Url.EndsWith($"/rooms/{_room.Id}", StringComparison.Ordinal)
            ? _ada.Page.ReloadAsync(new() { WaitUntil = WaitUntilState.Commit })
            : _ada.Page.GotoAsync($"rooms/{_room.Id}", new() { WaitUntil = WaitUntilState.Commit }));
        await circuit.Requested;
        await _ada.Composer.FocusAsync();
        await Assertions.Expect(_ada.Composer).ToHaveAttributeAsync("data-restored", "");
        return circuit;
    }

    /// <summary>What the page waits for.</summary>
    private sealed class HeldStep
    {
        private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes when the page asks for it, or throws after <see cref="TestWait.Limit"/>.</summary>
        public Task Requested => _requested.Task.WaitAsync(TestWait.Limit);

        public void Release() => _released.SetResult();

        public async Task WaitAsync()
        {
            _requested.TrySetResult();
            await _released.Task;
        }
    }
}
