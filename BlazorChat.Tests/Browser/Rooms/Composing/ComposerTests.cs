using System.Text.RegularExpressions;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms.Composing;

/// <summary>What the composer does with a text: formatting, by keys on a computer and by the bar on a phone.</summary>
public sealed class ComposerTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private Room _room = default!;
    private Member _adaMember = default!;
    private Member _minsuMember = default!;
    private Person _ada = default!;

    public async ValueTask InitializeAsync()
    {
        _adaMember = await site.JoinAsync("Ada");
        _minsuMember = await site.JoinAsync("김민수");
        _room = await site.AddRoomAsync(_adaMember, _minsuMember);
        _ada = await browser.NewPersonAsync(_adaMember);
    }

    public async ValueTask DisposeAsync()
    {
        await _ada.DisposeAsync();
        _adaMember.Dispose();
        _minsuMember.Dispose();
    }

    [Fact]
    public async Task Keys_format_the_selection_and_can_be_undone()
    {
        await _ada.OpenRoomAsync(_room.Id);
        var keys = _ada.Page.Keyboard;
        await keys.TypeAsync("very important");
        await keys.PressAsync("Control+Shift+ArrowLeft");
        await keys.PressAsync("Control+b");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("very **important**");
        await keys.PressAsync("Control+i");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("very ***important***");
        await keys.PressAsync("Control+z");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("very **important**");
        await keys.PressAsync("Control+z");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("very important");
        await keys.PressAsync("Control+Shift+z");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("very **important**");

        // The caret goes behind what it has marked, and the draft is that text.
        await keys.PressAsync("End");
        await keys.TypeAsync(" and ");
        await keys.PressAsync("Control+e");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("very **important** and ``");
        await keys.TypeAsync("a = 1");
        await keys.PressAsync("Control+e");
        await keys.TypeAsync(" too");
        await _ada.Page.ReloadAsync();
        await _ada.ReadyToWriteAsync();
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("very **important** and `a = 1` too");
        await _ada.SendAsync();
        await Assertions.Expect(_ada.Message(1).Locator("strong")).ToHaveTextAsync("important");
        await Assertions.Expect(_ada.Message(1).Locator("code")).ToHaveTextAsync("a = 1");

        foreach (var (key, after) in new[] { ("Control+Shift+x", "~~word~~"), ("Control+Shift+9", "> word"), ("Control+Shift+c", "```\nword\n```"), ("Control+Shift+l", "[word](https://)") })
        {
            await _ada.Composer.FillAsync("word");
            await _ada.Composer.SelectTextAsync();
            await keys.PressAsync(key);
            await Assertions.Expect(_ada.Composer).ToHaveValueAsync(after);
        }

        // An input method that composes has its keys.
        await _ada.Composer.FillAsync("");
        var input = await _ada.Page.Context.NewCDPSessionAsync(_ada.Page);
        await input.SendAsync("Input.imeSetComposition", new() { ["text"] = "가", ["selectionStart"] = 1, ["selectionEnd"] = 1 });
        await _ada.Composer.DispatchEventAsync("keydown", new { key = "b", code = "KeyB", ctrlKey = true, isComposing = true, bubbles = true });
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("가");
        // A button waits until it has written its text.
        await _ada.Page.GetByRole(AriaRole.Button, new() { Name = "Show formatting" }).ClickAsync();
        await _ada.Page.GetByRole(AriaRole.Button, new() { Name = "Bold" }).ClickAsync();
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("가****");
        await keys.TypeAsync("word");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("가**word**");

        await _ada.ScreenshotAsync("composer-bar-light-wide");
        await _ada.AssertAccessibleAsync();
    }

    [Fact]
    public async Task The_bar_and_the_picker_write_at_the_caret_and_the_bar_is_remembered()
    {
        await using var minsu = await browser.NewPersonAsync(_minsuMember, width: 360, height: 740, scheme: ColorScheme.Dark, isTouch: true);
        await minsu.OpenRoomAsync(_room.Id);
        await minsu.SendMessageAsync("질문 있어요");
        await minsu.SeesAsync("질문");
        await Assertions.Expect(Tool(minsu, "Bold")).ToBeHiddenAsync();
        await minsu.ScreenshotAsync("composer-dark-360");

        await minsu.Composer.FillAsync("정말 중요해요");
        await Tool(minsu, "Show formatting").TapAsync();
        await minsu.Composer.EvaluateAsync("box => box.setSelectionRange(3, 5)");
        await Tool(minsu, "Bold").TapAsync();
        await Assertions.Expect(minsu.Composer).ToHaveValueAsync("정말 **중요**해요");
        await Assertions.Expect(minsu.Composer).ToBeFocusedAsync();
        await minsu.ScreenshotAsync("composer-bar-dark-360");
        foreach (var button in await minsu.Page.Locator(".composer [data-tool]:visible").AllAsync())
        {
            var bounds = (await button.BoundingBoxAsync())!;
            Assert.True(bounds is { Width: >= 44, Height: >= 44 }, await button.GetAttributeAsync("aria-label"));
        }

        await Tool(minsu, "Insert an emoji").TapAsync();
        await minsu.Page.Locator(".emoji-picker[data-ready]").WaitForAsync();
        await minsu.Page.GetByRole(AriaRole.Combobox, new() { Name = "Search emoji" }).FillAsync("파티");
        await minsu.Page.GetByRole(AriaRole.Option, new() { Name = "party popper" }).TapAsync();
        await Assertions.Expect(minsu.Composer).ToHaveValueAsync("정말 **🎉**해요");
        Assert.Equal(360, await minsu.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await minsu.AssertAccessibleAsync();

        await minsu.Page.ReloadAsync();
        await minsu.ReadyToWriteAsync();
        await Assertions.Expect(Tool(minsu, "Show formatting")).ToHaveAttributeAsync("aria-expanded", "true");
        await Assertions.Expect(Tool(minsu, "Bold")).ToBeVisibleAsync();

        // A thread beside the room has a bar of its own, and the picker of the keyboard returns to its box.
        await _ada.OpenRoomAsync(_room.Id);
        await _ada.Page.GotoAsync($"rooms/{_room.Id}/1");
        var thread = _ada.Page.Locator(".thread .composer[data-ready]");
        var box = thread.GetByRole(AriaRole.Textbox);
        await box.FillAsync("yes ");
        await thread.GetByRole(AriaRole.Button, new() { Name = "Insert an emoji" }).ClickAsync();
        await _ada.Page.Locator(".emoji-picker[data-ready]").WaitForAsync();
        await _ada.Page.Keyboard.TypeAsync("rocket");
        await _ada.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(box).ToHaveValueAsync("yes 🚀");
        await Assertions.Expect(box).ToBeFocusedAsync();
        await _ada.ScreenshotAsync("composer-thread-light-wide");
    }

    [Fact]
    public async Task A_preview_shows_the_message_and_returns_to_the_caret()
    {
        await _ada.OpenRoomAsync(_room.Id);
        var preview = _ada.Page.GetByRole(AriaRole.Region, new() { Name = "Preview" });
        await _ada.Composer.PressAsync("Control+Shift+Enter");
        await Assertions.Expect(_ada.Page.Locator(".composer [data-error]")).ToHaveTextAsync("Write something first.");
        await _ada.Composer.FillAsync("**bold** @minsu <img src=x>\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n```sql\nselect 1\n```");
        await _ada.Composer.EvaluateAsync("box => box.setSelectionRange(2, 6)");

        await _ada.Composer.PressAsync("Control+Shift+Enter");

        await Assertions.Expect(preview).ToBeFocusedAsync();
        await Assertions.Expect(preview.Locator("strong")).ToHaveTextAsync("bold");
        await Assertions.Expect(preview.Locator("p")).ToContainTextAsync("@minsu <img src=x>");
        await Assertions.Expect(preview.Locator("td").Last).ToHaveClassAsync("align-right");
        await Assertions.Expect(_ada.Composer).ToBeHiddenAsync();
        await _ada.ScreenshotAsync("composer-preview-light-wide");
        await _ada.AssertAccessibleAsync();
        await _ada.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(preview).ToBeHiddenAsync();
        await Assertions.Expect(_ada.Composer).ToBeFocusedAsync();
        await _ada.Page.Keyboard.TypeAsync("strong");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync(new Regex(@"^\*\*strong\*\* @minsu"));

        // A format returns to the text too, and a preview can be sent.
        await Tool(_ada, "Show formatting").ClickAsync();
        await _ada.Composer.FillAsync("one word");
        await _ada.Composer.SelectTextAsync();
        await Tool(_ada, "Preview").ClickAsync();
        await Assertions.Expect(Tool(_ada, "Preview")).ToHaveAttributeAsync("aria-pressed", "true");
        await Tool(_ada, "Bold").ClickAsync();
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("**one word**");
        await Tool(_ada, "Preview").ClickAsync();
        await Assertions.Expect(preview.Locator("strong")).ToHaveTextAsync("one word");
        await Tool(_ada, "Send").ClickAsync();
        await Assertions.Expect(_ada.Message(1).Locator("strong")).ToHaveTextAsync("one word");
        await Assertions.Expect(preview).ToBeHiddenAsync();
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("");
        await Assertions.Expect(_ada.Composer).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Copied_html_is_pasted_as_Markdown_and_Ctrl_Shift_V_pastes_its_text()
    {
        const string Html = "<table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td style='text-align:right'><b>2</b></td></tr></table>";
        const string Table = "| a | b |\n|---|--:|\n| 1 | **2** |";
        await _ada.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await _ada.OpenRoomAsync(_room.Id);
        await CopyAsync("a\tb\n1\t2", Html);
        var keys = _ada.Page.Keyboard;
        await _ada.Composer.FillAsync("Sums: ");
        await _ada.Composer.PressAsync("End");

        await keys.PressAsync("Control+v");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync($"Sums: \n\n{Table}");
        await keys.PressAsync("Control+z");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("Sums: ");
        await keys.PressAsync("Control+Shift+v");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("Sums: a\tb\n1\t2");

        // In code, the text; and the text of what is too long for a message, or more than is rendered.
        await _ada.Composer.FillAsync("```\n");
        await keys.PressAsync("Control+v");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("```\na\tb\n1\t2");
        await CopyAsync("many", string.Concat(Enumerable.Repeat("<p><b>many</b> words</p>", 2_000)));
        await _ada.Composer.FillAsync("");
        await keys.PressAsync("Control+v");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("many");

        // By the menu, no key has loaded the script before.
        await _ada.OpenRoomAsync(_room.Id);
        await _ada.Composer.FillAsync("");
        await _ada.Composer.EvaluateAsync(
            """
            (box, html) => {
                const data = new DataTransfer();
                data.setData("text/plain", "a");
                data.setData("text/html", html);
                box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
            }
            """,
            Html);
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync(Table);
        await _ada.SendAsync();
        await Assertions.Expect(_ada.Message(1).Locator("td").Last).ToHaveTextAsync("2");
    }

    [Fact]
    public async Task Commands_are_completed_and_run_and_never_sent_by_accident()
    {
        await using var minsu = await browser.NewPersonAsync(_minsuMember, width: 360, height: 740, scheme: ColorScheme.Dark, isTouch: true);
        await _ada.OpenRoomAsync(_room.Id);
        await minsu.OpenRoomAsync(_room.Id);
        var error = _ada.Page.Locator(".composer [data-error]");
        var options = _ada.Page.GetByRole(AriaRole.Listbox, new() { Name = "Suggestions" }).GetByRole(AriaRole.Option);
        await _ada.Composer.PressSequentiallyAsync("/");
        await Assertions.Expect(options.First).ToContainTextAsync("/invite @name · Add people to this room");
        await _ada.ScreenshotAsync("composer-commands-light-wide");
        await _ada.AssertAccessibleAsync();
        await _ada.Composer.PressSequentiallyAsync("to");
        await Assertions.Expect(options).ToHaveTextAsync(["/topic text · Change the topic of this room"]);
        await _ada.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("/topic ");

        await _ada.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(error).ToHaveTextAsync("Usage: /topic text");
        await _ada.Page.Keyboard.TypeAsync("Release on Friday");
        await _ada.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(_ada.Page.Locator(".room-topic")).ToHaveTextAsync("Release on Friday");
        await Assertions.Expect(_ada.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "The topic is changed." })).ToBeVisibleAsync();
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("");

        // An invitation completes people who are not here yet; a mention those who are.
        using var zoe = await site.JoinAsync("Zoe");
        await _ada.Composer.PressSequentiallyAsync("/invite @zo");
        await Assertions.Expect(options).ToHaveCountAsync(1);
        await Assertions.Expect(options.First).ToContainTextAsync("Zoe");
        await _ada.Page.Keyboard.PressAsync("Enter");
        await _ada.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(_ada.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Added: Zoe" })).ToBeVisibleAsync();
        await _ada.Composer.PressSequentiallyAsync("@zo");
        await Assertions.Expect(options.First).ToContainTextAsync("Zoe");
        await _ada.Composer.FillAsync("");

        // What is unknown stays in the box, and is no draft of a message that is sent later.
        await _ada.SendMessageAsync("/tpoic Release");
        await Assertions.Expect(error).ToHaveTextAsync("There is no command /tpoic. To send it as text, write //tpoic.");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("/tpoic Release");
        await _ada.SendMessageAsync("//tpoic Release");
        await _ada.SendMessageAsync("/usr/bin is a path");
        await _ada.SendMessageAsync("/me waves to **all**");
        await _ada.SendMessageAsync("and goes on");
        await minsu.SeesAsync("goes on");
        Assert.Equal(["/tpoic Release", "/usr/bin is a path", "Ada waves to all", "and goes on"], (await minsu.LinesAsync()).Take(4));
        await Assertions.Expect(minsu.Message(3).Locator(".action strong")).ToHaveTextAsync("all");
        await Assertions.Expect(minsu.Message(4).Locator("header .message-author")).ToBeVisibleAsync();

        // An edit is of the text that was sent, and changes no topic.
        await _ada.Composer.PressAsync("ArrowUp");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("and goes on");
        await _ada.Composer.FillAsync("/topic of the day");
        await _ada.SendAsync();
        await minsu.SeesAsync("/topic of the day");
        await Assertions.Expect(_ada.Page.Locator(".room-topic")).ToHaveTextAsync("Release on Friday");

        // Somebody who may not is told, on a phone too.
        await minsu.SendMessageAsync("/topic 내 방");
        await Assertions.Expect(minsu.Page.Locator(".composer [data-error]")).ToHaveTextAsync(new Regex("owner"));
        await Assertions.Expect(minsu.Composer).ToHaveValueAsync("/topic 내 방");
        await minsu.SendMessageAsync("/me 손을 흔든다");
        await _ada.SeesAsync("손을 흔든다");
        await minsu.ScreenshotAsync("action-dark-360");
        await minsu.AssertAccessibleAsync();
        await _ada.ScreenshotAsync("action-light-wide");
        await _ada.AssertAccessibleAsync();
    }

    private async Task CopyAsync(string text, string html) => await _ada.Page.EvaluateAsync(
        """
        ([text, html]) => navigator.clipboard.write([new ClipboardItem({
            "text/plain": new Blob([text], { type: "text/plain" }),
            "text/html": new Blob([html], { type: "text/html" }),
        })])
        """,
        new[] { text, html });

    private static ILocator Tool(Person person, string name) => person.Page.Locator(".composer").GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
