using BlazorChat.Rooms;
using BlazorChat.Rooms.Messages.Versions;
using BlazorChat.Rooms.Pages.Dialogs;
using Bunit;
using MudBlazor;

namespace BlazorChat.Tests.Rooms.Pages.Dialogs;

public sealed class EditHistoryDialogTests : ComponentTest
{
    [Fact]
    public async Task The_dialog_shows_the_texts_newest_first_and_older_ones_on_request()
    {
        var room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        var message = await Site.Conversation.SendAsync(Ada, room.Id, Guid.NewGuid(), "text 0", default);
        for (var number = 1; number <= EditHistory.PageSize + 1; number++)
            message = await Site.Conversation.EditAsync(Ada, room.Id, 1, $"text {number}", default);

        var dialogs = await OpenAsync(message);

        var newest = EditHistory.PageSize + 1;
        Assert.Equal(Enumerable.Range(1, newest).Reverse().Select(number => $"text {number}"), Texts(dialogs));
        await dialogs.FindAll("button").Single(button => button.TextContent == "Show more").ClickAsync(new());
        await dialogs.WaitForStateAsync(() => Texts(dialogs).Count == newest + 1);
        Assert.Equal("text 0", Texts(dialogs)[^1]);
        Assert.DoesNotContain(dialogs.FindAll("button"), button => button.TextContent == "Show more");
    }

    [Fact]
    public async Task Texts_that_cannot_be_read_leave_the_current_one_and_the_reason()
    {
        var room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        var message = await Site.Conversation.SendAsync(Ada, room.Id, Guid.NewGuid(), "<b>text</b>", default);
        await Site.Conversation.DeleteAsync(Ada, room.Id, 1, default);

        var dialogs = await OpenAsync(message);

        await dialogs.WaitForStateAsync(() => dialogs.Markup.Contains("There is no such message.", StringComparison.Ordinal));
        Assert.Equal(["<b>text</b>"], Texts(dialogs));
    }

    private static IReadOnlyList<string> Texts(IRenderedComponent<MudDialogProvider> dialogs) =>
        [.. dialogs.FindAll(".edit-history-text").Select(text => text.TextContent)];

    private async Task<IRenderedComponent<MudDialogProvider>> OpenAsync(MessageView message)
    {
        var dialogs = Render<MudDialogProvider>();
        await dialogs.InvokeAsync(() => Services.GetRequiredService<IDialogService>().ShowAsync<EditHistoryDialog>("", EditHistoryDialog.CreateParameters(message)));
        await dialogs.WaitForStateAsync(() => dialogs.FindAll(".edit-history:not([aria-busy])").Count > 0 || dialogs.FindAll("[role=alert]").Count > 0);
        return dialogs;
    }
}
