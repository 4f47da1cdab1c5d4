using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser;

/// <summary>What people do with files.</summary>
/// <example>
/// <code>
/// await ada.AttachAsync(new FilePayload { Name = "photo.png", MimeType = "image/png", Buffer = TestPictures.Png(200, 100) });
/// await ada.SendMessageAsync("look");
/// await zoe.SeesPictureAsync("photo.png");
/// </code>
/// </example>
public sealed partial class Person
{
    /// <summary>The files beside what one writes.</summary>
    public ILocator Tray => Page.GetByRole(AriaRole.List, new() { Name = "Files to send" });

    /// <summary>The dialog that shows pictures large.</summary>
    public ILocator Viewer => Page.GetByRole(AriaRole.Dialog, new() { Name = "Picture" });

    /// <summary>A picture in the room's log, by its file's name.</summary>
    public ILocator Picture(string name) =>
        Page.GetByRole(AriaRole.Log).GetByRole(AriaRole.Link, new() { Name = $"Picture: {name}" });

    /// <summary>Chooses files by the button beside the composer.</summary>
    public Task AttachAsync(params FilePayload[] files) => Page.Locator(".composer [data-picker]").SetInputFilesAsync(files);

    /// <summary>Pastes a file into the composer.</summary>
    public Task PasteAsync(FilePayload file) => GiveAsync(".composer textarea", "paste", file);

    /// <summary>Drops a file on the room.</summary>
    public Task DropAsync(FilePayload file) => GiveAsync(".chat", "drop", file);

    /// <summary>Returns when the picture's thumbnail has been loaded and is shown.</summary>
    public async Task SeesPictureAsync(string name)
    {
        var thumbnail = Picture(name).Locator("img");
        await thumbnail.WaitForAsync();
        await thumbnail.EvaluateAsync("image => image.decode()");
    }

    /// <summary>The picture of a message's author beside it.</summary>
    public ILocator Avatar(int sequence) => Message(sequence).Locator("[data-avatar]");

    /// <summary>Uses a file as one's own picture.</summary>
    public async Task SendAvatarAsync(FilePayload picture)
    {
        await Page.GotoAsync("account/avatar");
        await Page.GetByLabel("A picture of you").SetInputFilesAsync(picture);
        // To its end: a page that is opened while the answer arrives would be interrupted by it.
        var response = await Page.RunAndWaitForResponseAsync(
            () => Page.GetByRole(AriaRole.Button, new() { Name = "Use this picture" }).ClickAsync(),
            response => response.Request is { Method: "POST", IsNavigationRequest: true });
        await response.FinishedAsync();
    }

    /// <summary>Returns when a picture of somebody is loaded and is of this colour, to a few shades.</summary>
    public async Task SeesColourAsync(ILocator picture, int red, int green, int blue)
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        // What is looked for again each time may be another element by then.
        while (!await picture.EvaluateAsync<bool>(
            """
            async (image, colour) => {
                await new Promise(requestAnimationFrame);
                if (!image.isConnected || image.naturalWidth === 0) return false;
                const drawing = new OffscreenCanvas(1, 1).getContext("2d");
                drawing.drawImage(image, 0, 0, 1, 1);
                return drawing.getImageData(0, 0, 1, 1).data.slice(0, 3).every((shade, i) => Math.abs(shade - colour[i]) < 12);
            }
            """,
            new[] { red, green, blue }))
        {
            timeout.Token.ThrowIfCancellationRequested();
        }
    }

    private async Task GiveAsync(string selector, string type, FilePayload file) => await Page.Locator(selector).EvaluateAsync(
        """
        (element, { type, name, mimeType, base64 }) => {
            const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
            const data = new DataTransfer();
            data.items.add(new File([bytes], name, { type: mimeType }));
            element.dispatchEvent(type === "paste"
                ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
                : new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
        }
        """,
        new { type, name = file.Name, mimeType = file.MimeType, base64 = Convert.ToBase64String(file.Buffer) });
}
