using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Pages;
using Bunit;

namespace BlazorChat.Tests.Rooms.Pages.Rows;

/// <summary>The cards of links in the rows of a room.</summary>
public sealed class QuoteRowTests : ComponentTest
{
    [Fact]
    public async Task A_link_has_a_card_that_follows_its_message_and_the_right_to_read_it()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        var other = await Site.Rooms.CreateAsync(zoe, "Other", default);
        var room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        await Site.Rooms.JoinAsync(zoe, room.Id, default);
        await Site.Conversation.SendAsync(zoe, other.Id, Guid.NewGuid(), "elsewhere", default);
        await Site.Conversation.SendAsync(zoe, room.Id, Guid.NewGuid(), "We *ship* <today>", default);
        await Site.Conversation.SendAsync(Ada, room.Id, Guid.NewGuid(), $"/rooms/{room.Id}#m-1 and /rooms/{other.Id}#m-1", default);
        await Site.Conversation.SendAsync(Ada, room.Id, Guid.NewGuid(), "no link", default);
        var seen = (await Site.Rooms.FindAsync(Ada, room.Id, default))!;

        var pane = Render<ChatPane>(parameters => parameters.Add(p => p.Room, seen));
        await pane.WaitForElementAsync("#m-2 .quote");
        Assert.Equal(["We ship <today>", "elsewhere"], Texts());
        var card = pane.Find("#m-2 .quote");
        Assert.Equal((card.GetAttribute("href"), "Zoe", "#Room"), ($"rooms/{room.Id}#m-1", card.QuerySelector(".quote-author")!.TextContent, card.QuerySelector(".quote-room")!.TextContent));
        Assert.Equal("quote", card.ClassName);
        Assert.Equal($"/rooms/{room.Id}#m-1 and /rooms/{other.Id}#m-1", pane.Find("#m-2 .message-text").TextContent.Trim());
        Assert.Empty(pane.FindAll("#m-3 .message-quotes"));

        // An edit and a deletion in the same room show at once, as a card of a message that has just come does.
        await Site.Conversation.EditAsync(zoe, room.Id, 1, "Tomorrow", default);
        await pane.WaitForStateAsync(() => Texts() is ["Tomorrow", "elsewhere"]);
        await Site.Conversation.SendAsync(Ada, room.Id, Guid.NewGuid(), $"again /rooms/{room.Id}#m-1", default);
        await pane.WaitForElementAsync("#m-4 .quote");
        await Site.Conversation.DeleteAsync(zoe, room.Id, 1, default);
        await pane.WaitForStateAsync(() => Texts() is ["elsewhere"] && pane.FindAll("#m-4 .quote").Count == 0);

        // The page announces that rights may have changed.
        await Site.RoomSettings.ChangeAsync(zoe, other.Id, new(Kind: RoomKind.Private), default);
        pane.Render(parameters => parameters.Add(p => p.Room, seen).Add(p => p.Rights, 1));
        await pane.WaitForStateAsync(() => pane.FindAll(".quote").Count == 0);

        string[] Texts() => [.. pane.FindAll("#m-2 .quote-text").Select(text => text.TextContent)];
    }
}
