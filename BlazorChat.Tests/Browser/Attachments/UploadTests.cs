using System.Text;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Attachments;

/// <summary>Files that cannot be uploaded, or not at the first try, and the messages about them.</summary>
public sealed class UploadTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private Room _room = default!;
    private Person _ada = default!;

    private ILocator Error => _ada.Page.Locator(".composer [data-error]");

    public async ValueTask InitializeAsync()
    {
        using var ada = await site.JoinAsync("Ada");
        _room = await site.AddRoomAsync(ada);
        _ada = await browser.NewPersonAsync(ada);
        await _ada.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await _ada.OpenRoomAsync(_room.Id);
    }

    public ValueTask DisposeAsync() => _ada.DisposeAsync();

    [Fact]
    public async Task D3_Cells_of_a_spreadsheet_are_pasted_as_text_and_a_picture_only_when_it_is_alone()
    {
        await CopyAsync("1\t2\n3\t4", "<table><tr><td>1</td><td>2</td></tr></table>");
        await _ada.Composer.FocusAsync();
        await _ada.Page.Keyboard.PressAsync("Control+V");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("1\t2\n3\t4");
        await Assertions.Expect(_ada.Tray).ToBeHiddenAsync();

        await CopyAsync(null, null);
        await _ada.Page.Keyboard.PressAsync("Control+V");
        await Assertions.Expect(_ada.Tray.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("1\t2\n3\t4");
    }

    [Theory]
    [InlineData("sums.png")]
    [InlineData(@"C:\files\sums.png")]
    [InlineData("file:///home/ada/sum%73.png")]
    public async Task D3_A_file_whose_name_comes_along_as_text_is_pasted_as_a_file(string name)
    {
        await _ada.Page.Locator(".composer textarea").EvaluateAsync(
            """
            (box, name) => {
                const data = new DataTransfer();
                data.items.add(new File([new Uint8Array([1, 2])], "sums.png", { type: "image/png" }));
                data.setData("text/plain", name);
                box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
            }
            """,
            name);

        await Assertions.Expect(_ada.Tray.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task D5_The_page_shows_why_a_file_is_not_uploaded_yet()
    {
        _ada.ExpectedErrors.Add("507");
        await _ada.Page.RouteAsync("**/attachments/*?*", route => route.FulfillAsync(new()
        {
            Status = 507,
            ContentType = "application/json",
            Body = """{"code":"disk_full","message":"The disk of the server is full."}""",
        }));

        await _ada.AttachAsync(Notes());

        await Assertions.Expect(_ada.Tray).ToContainTextAsync("The disk of the server is full.");
        await Assertions.Expect(_ada.Tray.GetByRole(AriaRole.Button, new() { Name = "Try again" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task D4_A_folder_is_refused_with_a_reason_and_what_comes_with_it_goes_out()
    {
        var folder = Directory.CreateTempSubdirectory("blazorchat-test-").FullName;
        var photos = Directory.CreateDirectory(Path.Combine(folder, "photos")).FullName;
        var notes = Path.Combine(folder, "notes.txt");
        await File.WriteAllTextAsync(notes, "notes");

        await DropFromDiskAsync(photos, notes);

        await Assertions.Expect(Error).ToContainTextAsync("“photos” is a folder.");
        await Assertions.Expect(_ada.Tray.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
        await _ada.SendMessageAsync("without the folder");
        await _ada.SeesAsync("without the folder");
        await _ada.Page.GetByRole(AriaRole.Log).GetByRole(AriaRole.Link, new() { Name = "notes.txt" }).WaitForAsync();
    }

    [Fact]
    public async Task D4_A_file_that_is_changed_on_the_disk_before_its_turn_goes_out_as_it_was_chosen()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("blazorchat-test-").FullName, "report.txt");
        await File.WriteAllTextAsync(file, "as it was chosen");
        _ada.ExpectedErrors.Add("ERR_FAILED");
        await _ada.Page.RouteAsync("**/attachments/*?*", route => route.AbortAsync());
        await _ada.Page.Locator(".composer [data-picker]").SetInputFilesAsync(file);
        await Assertions.Expect(_ada.Tray).ToContainTextAsync("not uploaded yet");
        await _ada.SendMessageAsync("the report");
        await _ada.SendMessageAsync("after it");

        await File.WriteAllTextAsync(file, "changed, and longer than before");
        await _ada.Page.UnrouteAllAsync();

        await _ada.SeesAsync("after it");
        var card = _ada.Page.GetByRole(AriaRole.Log).GetByRole(AriaRole.Link, new() { Name = "report.txt" });
        var download = await _ada.Page.RunAndWaitForDownloadAsync(() => card.ClickAsync());
        Assert.Equal("as it was chosen", await File.ReadAllTextAsync(await download.PathAsync()));
    }

    [Fact]
    public async Task D4_A_file_that_cannot_be_read_is_refused_with_a_reason_and_nothing_waits_for_it()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("blazorchat-test-").FullName, "gone.txt");
        await File.WriteAllTextAsync(file, "soon gone");
        // Chosen, and gone before the page looks at it.
        await _ada.Page.EvaluateAsync("() => { File.prototype.arrayBuffer = () => Promise.reject(new DOMException('', 'NotReadableError')); }");
        await _ada.Page.Locator(".composer [data-picker]").SetInputFilesAsync(file);

        await Assertions.Expect(_ada.Tray).ToContainTextAsync("“gone.txt” can't be read.");
        await _ada.SendMessageAsync("without it");
        await Assertions.Expect(Error).ToContainTextAsync("Remove “gone.txt”");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("without it");
        await _ada.Tray.GetByRole(AriaRole.Button, new() { Name = "Remove gone.txt" }).ClickAsync();
        await _ada.SendAsync();
        await _ada.SeesAsync("without it");
    }

    [Fact]
    public async Task D5_What_a_proxy_answers_with_a_page_of_its_own_is_a_reason_and_text_and_file_stay()
    {
        _ada.ExpectedErrors.Add("413");
        await _ada.Page.RouteAsync("**/attachments/*?*", route => route.FulfillAsync(new()
        {
            Status = 413,
            ContentType = "text/html",
            Body = "<html><head><title>413 Request Entity Too Large</title></head></html>",
        }));
        await _ada.AttachAsync(Notes());
        await Assertions.Expect(_ada.Tray).ToContainTextAsync("too large for the server or a proxy in front of it");

        await _ada.SendMessageAsync("with the notes");

        await Assertions.Expect(Error).ToContainTextAsync("Remove “notes.txt” to send the message without it.");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("with the notes");
        await Assertions.Expect(_ada.Tray.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
        await _ada.ScreenshotAsync("upload-refused-light-wide");
        Assert.True(await _ada.Tray.Locator(".file-name").EvaluateAsync<bool>("name => name.scrollWidth <= name.clientWidth"), "The name is cut off.");
        Assert.Empty(await _ada.MessagesAsync());

        // The reason belongs to what was tried before.
        await _ada.AttachAsync(Notes());
        await Assertions.Expect(Error).ToBeEmptyAsync();
    }

    [Fact]
    public async Task D5_What_is_refused_after_the_message_was_sent_off_brings_text_and_file_back()
    {
        _ada.ExpectedErrors.Add("413");
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _ada.Page.RouteAsync("**/attachments/*?*", async route =>
        {
            await answered.Task;
            await route.FulfillAsync(new() { Status = 413, ContentType = "text/html", Body = "<html></html>" });
        });
        await _ada.AttachAsync(Notes());
        await _ada.SendMessageAsync("with the notes");
        await Assertions.Expect(_ada.Outbox).ToContainTextAsync("with the notes");

        answered.SetResult();

        await Assertions.Expect(Error).ToContainTextAsync("too large for the server");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("with the notes");
        await Assertions.Expect(_ada.Tray.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
        await Assertions.Expect(_ada.Outbox.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData(408)]
    [InlineData(502)]
    public async Task D5_What_was_too_slow_or_failed_on_the_way_is_tried_again_by_itself(int status)
    {
        _ada.ExpectedErrors.Add($"{status}");
        var tries = 0;
        await _ada.Page.RouteAsync("**/attachments/*?*", route => Interlocked.Increment(ref tries) < 3
            ? route.FulfillAsync(new() { Status = status, ContentType = "text/html", Body = "<html></html>" })
            : route.ContinueAsync());

        await _ada.AttachAsync(Notes());

        await Assertions.Expect(_ada.Tray.Locator("[data-state=ready]")).ToHaveCountAsync(1);
        Assert.Equal(3, tries);
        await _ada.SendMessageAsync("with the notes");
        await _ada.Page.GetByRole(AriaRole.Log).GetByRole(AriaRole.Link, new() { Name = "notes.txt" }).WaitForAsync();
    }

    private static FilePayload Notes() => new() { Name = "notes.txt", MimeType = "text/plain", Buffer = Encoding.UTF8.GetBytes("notes") };

    /// <summary>Puts a picture on the clipboard, as a spreadsheet does with the texts that it shows.</summary>
    private Task<System.Text.Json.JsonElement?> CopyAsync(string? text, string? html) => _ada.Page.EvaluateAsync(
        """
        async ({ text, html }) => {
            const canvas = new OffscreenCanvas(20, 20);
            canvas.getContext("2d").fillRect(0, 0, 10, 10);
            const parts = { "image/png": await canvas.convertToBlob({ type: "image/png" }) };
            if (text !== null) parts["text/plain"] = new Blob([text], { type: "text/plain" });
            if (html !== null) parts["text/html"] = new Blob([html], { type: "text/html" });
            await navigator.clipboard.write([new ClipboardItem(parts)]);
        }
        """,
        new { text, html });

    /// <summary>Drops what is on the disk on the room, as a file manager does.</summary>
    private async Task DropFromDiskAsync(params string[] paths)
    {
        var box = (await _ada.Page.Locator(".chat").BoundingBoxAsync())!;
        var input = await _ada.Page.Context.NewCDPSessionAsync(_ada.Page);
        foreach (var type in new[] { "dragEnter", "dragOver", "drop" })
        {
            await input.SendAsync("Input.dispatchDragEvent", new()
            {
                ["type"] = type,
                ["x"] = box.X + (box.Width / 2),
                ["y"] = box.Y + (box.Height / 2),
                ["data"] = new Dictionary<string, object> { ["items"] = Array.Empty<object>(), ["files"] = paths, ["dragOperationsMask"] = 1 },
            });
        }
    }
}
