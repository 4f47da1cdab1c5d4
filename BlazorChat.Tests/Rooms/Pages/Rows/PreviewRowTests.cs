using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Messages.Writing;
using BlazorChat.Rooms.Pages;
using BlazorChat.Rooms.Pages.Rows;
using Bunit;

namespace BlazorChat.Tests.Rooms.Pages.Rows;

/// <summary>The cards of previews in the rows of a room.</summary>
public sealed class PreviewRowTests : ComponentTest
{
    protected override Task<TestDatabase> CreateSiteAsync() => TestDatabase.CreateAsync(settings: ["LinkPreviews:Enabled=true"]);

    [Fact]
    public async Task A_row_has_the_previews_of_its_links_as_text_and_loses_one_that_is_removed()
    {
        var room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        await Site.Conversation.SendAsync(Ada, room.Id, Guid.NewGuid(), "http://192.0.2.1/a http://192.0.2.1/b", default);
        var pane = Render<ChatPane>(parameters => parameters.Add(p => p.Room, room));
        await pane.WaitForElementAsync("#m-1");
        Assert.Empty(pane.FindAll(".preview"));

        await FindAsync(room, 0, "<b>First</b>", "What & why", pictureWidth: 640);
        await FindAsync(room, 1, "Second", "", pictureWidth: 0);

        await pane.WaitForStateAsync(() => pane.FindAll("#m-1 .preview").Count == 2);
        var title = pane.Find("#m-1 .preview-title");
        Assert.Equal(("<b>First</b>", "http://192.0.2.1/a", "nofollow noopener noreferrer", "_blank"), (title.TextContent, title.GetAttribute("href"), title.GetAttribute("rel"), title.GetAttribute("target")));
        Assert.Equal(("What & why", "Example"), (Assert.Single(pane.FindAll(".preview-text")).TextContent, pane.Find(".preview-site").TextContent));
        var picture = Assert.Single(pane.FindAll(".preview-picture"));
        var id = pane.Find(".preview").GetAttribute("data-preview")!;
        Assert.Equal(($"previews/{id}", "", "96", "72"), (picture.GetAttribute("src"), picture.GetAttribute("alt"), picture.GetAttribute("width"), picture.GetAttribute("height")));
        Assert.Equal("Remove the preview of <b>First</b>", pane.Find(".preview-remove").GetAttribute("aria-label"));

        var list = pane.FindComponent<MessageList>().Instance;
        Assert.Null(await list.RemovePreviewAsync(1, id));
        await pane.WaitForStateAsync(() => pane.FindAll("#m-1 .preview").Count == 1);
        Assert.Equal("Second", pane.Find(".preview-title").TextContent);
        Assert.Null(await list.RemovePreviewAsync(1, ""));
        await pane.WaitForStateAsync(() => pane.FindAll("#m-1 .preview").Count == 0);
        Assert.Equal("There is no such message.", await list.RemovePreviewAsync(7, ""));
    }

    /// <summary>As a worker that has found the page of a link.</summary>
    private async Task FindAsync(RoomView room, int position, string title, string text, int pictureWidth)
    {
        await using var db = await Site.OpenAsync();
        var link = db.MessageLinks.Single(link => link.Position == position);
        var preview = new PreviewView(Guid.NewGuid(), link.Address, title, text, "Example", pictureWidth, pictureWidth / 2);
        await Site.Services.GetRequiredService<MessageWriter>().ApplyAsync(new PreviewChange(room.Id, 1, link.AddressKey, preview), default);
    }
}
