using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Pages;
using BlazorChat.Rooms.Pages.Rows;
using BlazorChat.Rooms.Pages.Saved;
using BlazorChat.Rooms.Saved;
using Bunit;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Saved;

/// <summary>Messages that a person saves from the list of a room, and their page.</summary>
public sealed class SavedMessagesTests : ComponentTest
{
    private SavedMessages Saved => Services.GetRequiredService<SavedMessages>();

    [Fact]
    public async Task A_saved_message_is_in_the_list_of_its_person_until_it_is_removed()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        var room = await Site.Rooms.CreateAsync(zoe, "Room", default);
        foreach (var text in new[] { "one", "**two**", "three" })
            await Site.Conversation.SendAsync(zoe, room.Id, Guid.NewGuid(), text, default);
        var reply = await Site.Conversation.ReplyAsync(zoe, room.Id, 1, Guid.NewGuid(), "reply", [], isInRoom: false, default);
        var chat = Render<ChatPane>(parameters => parameters.Add(p => p.Room, room with { Role = null }));
        await chat.WaitForElementAsync("#m-2");
        var page = Render<SavedPage>();
        await page.WaitForElementAsync(".saved-list[data-ready]");
        Assert.Equal("Nothing is saved yet. Save a message from its actions to find it here. Only you see this list.", page.Find(".saved-list > .line-list-empty").TextContent);

        // By the script of the list; the page follows, and a message is saved once.
        var list = chat.FindComponent<MessageList>().Instance;
        foreach (var key in new[] { 2, reply.Sequence, 2 })
            Assert.Equal(new ChoiceAnswer(ChoiceStatus.Accepted), await list.SaveAsync(key));
        Assert.Equal("There is no such message.", (await list.SaveAsync(9)).Reason);
        await page.WaitForStateAsync(() => page.FindAll("li").Count == 2);
        Assert.Equal(["reply", "two"], page.FindAll(".saved-text").Select(text => text.TextContent));
        Assert.Equal([$"rooms/{room.Id}/1/1", $"rooms/{room.Id}#m-2"], page.FindAll("li a").Select(link => link.GetAttribute("href")));
        Assert.Empty(await Saved.ListAsync(zoe, before: null, default));

        await page.Find("li button").ClickAsync(new());
        await page.WaitForStateAsync(() => page.FindAll("li").Count == 1);
    }

    [Fact]
    public async Task It_leaves_with_the_message_and_with_the_right_to_read_it()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        var room = await Site.Rooms.CreateAsync(zoe, "Room", default);
        foreach (var text in new[] { "one", "two" })
            await Site.Conversation.SendAsync(zoe, room.Id, Guid.NewGuid(), text, default);
        await Saved.SaveAsync(Ada, room.Id, 1, default);
        await Saved.SaveAsync(Ada, room.Id, 2, default);
        var page = Render<SavedPage>();
        await page.WaitForElementAsync(".saved-list[data-ready]");
        Assert.Equal(["two", "one"], page.FindAll(".saved-text").Select(text => text.TextContent));

        await Site.Conversation.DeleteAsync(zoe, room.Id, 1, default);
        Assert.Equal("two", Assert.Single(await Saved.ListAsync(Ada, before: null, default)).Message.Markdown);
        await using (var db = await Site.OpenAsync())
            Assert.Equal(1, await db.SavedMessages.CountAsync());
        await page.WaitForStateAsync(() => page.FindAll(".saved-text").Select(text => text.TextContent).SequenceEqual(["two"]));

        await Site.RoomSettings.ChangeAsync(zoe, room.Id, new RoomEdit(Kind: RoomKind.Private), default);
        Assert.Empty(await Saved.ListAsync(Ada, before: null, default));
        await page.WaitForStateAsync(() => page.FindAll("li").Count == 0);
        Assert.Equal(RefusalCode.NotFound, (await Assert.ThrowsAsync<RefusedException>(() => Saved.SaveAsync(Ada, room.Id, 2, default))).Code);
    }
}
