using BlazorChat.Accounts;
using BlazorChat.Accounts.Rights;
using BlazorChat.Rooms.Mentions;
using BlazorChat.Rooms.Pages;
using BlazorChat.Rooms.Pages.Composing;
using BlazorChat.Rooms.Pages.Rows;
using Bunit;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Pages.Rows;

/// <summary>Mentions in the rows of a room, and the names that its composer completes.</summary>
public sealed class MentionRowTests : ComponentTest
{
    [Fact]
    public async Task A_mention_shows_the_name_of_today()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        var room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        await Site.Rooms.JoinAsync(zoe, room.Id, default);
        var sent = await Site.Conversation.SendAsync(Ada, room.Id, Guid.NewGuid(), "hi @zoe", default);
        var seen = (await Site.Rooms.FindAsync(Ada, room.Id, default))!;
        var pane = Render<ChatPane>(parameters => parameters.Add(p => p.Room, seen));
        Assert.Equal("@Zoe", (await pane.WaitForElementAsync($"#m-1 .mention[data-person='{zoe.UserId}']")).TextContent);
        // A message after the first read reaches a page that follows.
        await Site.Conversation.SendAsync(Ada, room.Id, Guid.NewGuid(), "@room", default);
        await pane.WaitForElementAsync("#m-2 .mention[data-everyone]");

        var zoeId = zoe.UserId;
        await using (var db = await Site.OpenAsync())
        {
            (await db.Users.SingleAsync(user => user.Id == zoeId)).DisplayName = "Zoë <i>";
            await db.SaveChangesAsync();
        }

        await Site.Layer.PublishAsync(SessionGroups.All, new PersonChanged(zoe.UserId));

        await pane.WaitForStateAsync(() => pane.Find("#m-1 .mention").TextContent == "@Zoë <i>");
        var rows = Services.GetRequiredService<RenderedRows>();
        Assert.Contains("@Zoe<", rows.HtmlOf(sent, startsGroup: true), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_composer_offers_the_members_and_the_whole_room()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        var room = await Site.Rooms.CreateAsync(Ada, "Front-end Team", default);
        await Site.Rooms.JoinAsync(zoe, room.Id, default);
        var seen = (await Site.Rooms.FindAsync(Ada, room.Id, default))!;
        var pane = Render<ChatPane>(parameters => parameters.Add(p => p.Room, seen));
        var composer = pane.FindComponent<Composer>().Instance;

        var people = await composer.GetPeopleAsync("");
        var rooms = await composer.GetRoomsAsync("");

        Assert.Equal(
            [new CompletionItem("Zoe", "zoe"), new CompletionItem("Everyone in this room", "room"), new CompletionItem("Everyone online in this room", "here")],
            people.Items);
        Assert.Equal(0, await composer.CountHereAsync());
        var textOnly = Render<Composer>(parameters => parameters
            .Add(p => p.RoomId, room.Id)
            .Add(p => p.Label, "Message")
            .Add(p => p.MayMentionRoom, false)
            .Add(p => p.Send, (_, _, _, _) => Task.FromResult(SendResult.Accepted))
            .Add(p => p.Edit, (_, _) => Task.FromResult(SendResult.Accepted))
            .Add(p => p.TextOf, _ => null)
            .Add(p => p.Typing, () => Task.CompletedTask));
        Assert.Equal([new CompletionItem("Zoe", "zoe")], (await textOnly.InvokeAsync(() => textOnly.Instance.GetPeopleAsync(""))).Items);
        Assert.NotNull(textOnly.Find("[data-room-is-text]"));
        Assert.Equal((true, 1), (people.IsComplete, people.Called));
        Assert.Equal([new CompletionItem("Front-end Team", "Front-end-Team")], rooms.Items);
        Assert.Equal("Suggestions", pane.Find("[role=listbox]").GetAttribute("aria-label"));
    }
}
