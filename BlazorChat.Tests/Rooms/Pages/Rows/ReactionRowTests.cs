using System.Security.Claims;
using BlazorChat.Accounts;
using BlazorChat.Accounts.Rights;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Pages;
using BlazorChat.Rooms.Pages.Rows;
using BlazorChat.Rooms.Pages.Threads;
using BlazorChat.Rooms.Reactions;
using Bunit;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Pages.Rows;

/// <summary>Reactions in the rows of a room and of a thread, and what the script of the list asks for.</summary>
public sealed class ReactionRowTests : ComponentTest
{
    private MessageReactions Reactions => Services.GetRequiredService<MessageReactions>();

    [Fact]
    public async Task A_row_has_each_emoji_with_its_people_and_changes_with_the_feed()
    {
        var (zoe, room) = await PrepareAsync();
        await Reactions.AddAsync(zoe, room.Id, 1, "👍", default);
        var pane = Render<ChatPane>(parameters => parameters.Add(p => p.Room, room));
        var chip = await pane.WaitForElementAsync("#m-1 .reaction[data-reaction='👍']");
        Assert.Equal(("👍 1", "Zoe reacted with 👍"), (chip.TextContent, chip.GetAttribute("title")));
        Assert.Equal(($"{zoe.UserId}", "false"), (chip.GetAttribute("data-people"), chip.GetAttribute("aria-pressed")));
        Assert.False(chip.HasAttribute("data-others"));

        // The list follows, and its script reacts.
        var answer = await pane.FindComponent<MessageList>().Instance.ReactAsync(1, "👍", isSet: true);
        Assert.Equal((ChoiceStatus.Accepted, 3L), (answer.Status, answer.Revision));
        await pane.WaitForStateAsync(() => pane.Find("#m-1 .reaction").TextContent == "👍 2");
        Assert.Equal("3", pane.Find("#m-1").GetAttribute("data-revision"));
        Assert.Equal("Zoe, Ada reacted with 👍", pane.Find("#m-1 .reaction").GetAttribute("title"));

        await RenameAsync(zoe.UserId, "Zoë <i>");
        await pane.WaitForStateAsync(() => pane.Find("#m-1 .reaction").GetAttribute("title") == "Zoë <i>, Ada reacted with 👍");

        await Reactions.RemoveAsync(zoe, room.Id, 1, "👍", default);
        await Reactions.RemoveAsync(Ada, room.Id, 1, "👍", default);
        await pane.WaitForStateAsync(() => pane.FindAll("#m-1 .message-reactions").Count == 0);
    }

    [Fact]
    public async Task A_reaction_that_is_refused_says_why()
    {
        var (_, room) = await PrepareAsync();
        var list = (await ReadyAsync(room)).FindComponent<MessageList>().Instance;

        Assert.Equal(new ChoiceAnswer(ChoiceStatus.Refused, "This isn't an emoji that you can react with."), await list.ReactAsync(1, "x", isSet: true));
        Assert.Equal(ChoiceStatus.Refused, (await list.ReactAsync(7, "👍", isSet: true)).Status);
    }

    [Fact]
    public async Task A_message_of_many_reactions_has_a_mark_and_the_list_finds_those_of_the_reader()
    {
        var (zoe, room) = await PrepareAsync();
        for (var i = 0; i < ReactionView.MaxPeople; i++)
        {
            var person = await Site.AddPersonAsync($"Person {i}");
            await Site.Rooms.JoinAsync(person, room.Id, default);
            await Reactions.AddAsync(person, room.Id, 1, "🎉", default);
        }

        await Reactions.AddAsync(zoe, room.Id, 1, "🎉", default);
        await Reactions.AddAsync(Ada, room.Id, 1, "🎉", default);
        var pane = await ReadyAsync(room);

        var chip = pane.Find("#m-1 .reaction");
        Assert.True(chip.HasAttribute("data-others"));
        Assert.EndsWith("Person 19 and 2 more reacted with 🎉", chip.GetAttribute("title"), StringComparison.Ordinal);
        Assert.Equal(["1 🎉"], await pane.FindComponent<MessageList>().Instance.FindReactionsAsync([1]));
    }

    [Fact]
    public async Task A_reply_in_its_thread_has_the_key_of_its_message()
    {
        var (zoe, room) = await PrepareAsync();
        var reply = await Site.Conversation.ReplyAsync(zoe, room.Id, 1, Guid.NewGuid(), "reply", [], isInRoom: false, default);
        var pane = Render<ThreadPane>(parameters => parameters.Add(p => p.Room, room).Add(p => p.Root, 1));
        var row = await pane.WaitForElementAsync("#r-1");
        Assert.Equal((reply.Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture), "1"), (row.GetAttribute("data-key"), pane.Find("#r-0").GetAttribute("data-key")));
        var list = pane.FindComponent<MessageList>().Instance;

        Assert.Equal(ChoiceStatus.Accepted, (await list.ReactAsync(reply.Sequence, "👀", isSet: true)).Status);
        Assert.Equal(ChoiceStatus.Accepted, (await list.ReactAsync(1, "🚀", isSet: true)).Status);

        await pane.WaitForElementAsync("#r-1 .reaction[data-reaction='👀']");
        await pane.WaitForElementAsync("#r-0 .reaction[data-reaction='🚀']");
    }

    [Theory]
    [InlineData("🎉", true)]
    [InlineData(":tada: 👩🏽\u200d💻 🇰🇷", true)]
    [InlineData("🎉🎉🎉🎉", false)]
    [InlineData("🎉 yes", false)]
    [InlineData("- 🎉", false)]
    [InlineData("1", false)]
    public async Task A_message_of_a_few_emoji_is_shown_large(string text, bool isLarge)
    {
        var (_, room) = await PrepareAsync();
        await Site.Conversation.SendAsync(Ada, room.Id, Guid.NewGuid(), text, default);
        var pane = await ReadyAsync(room);

        Assert.Equal(isLarge, pane.Find("#m-2 .message-text").ClassList.Contains("message-emoji"));
    }

    private async Task<(ClaimsPrincipal Zoe, RoomView Room)> PrepareAsync()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        var room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        await Site.Rooms.JoinAsync(zoe, room.Id, default);
        await Site.Conversation.SendAsync(Ada, room.Id, Guid.NewGuid(), "hello", default);
        return (zoe, (await Site.Rooms.FindAsync(Ada, room.Id, default))!);
    }

    private async Task<IRenderedComponent<ChatPane>> ReadyAsync(RoomView room)
    {
        var pane = Render<ChatPane>(parameters => parameters.Add(p => p.Room, room));
        await pane.WaitForElementAsync("#m-1");
        return pane;
    }

    private async Task RenameAsync(int personId, string name)
    {
        await using (var db = await Site.OpenAsync())
        {
            (await db.Users.SingleAsync(user => user.Id == personId)).DisplayName = name;
            await db.SaveChangesAsync();
        }

        await Site.Layer.PublishAsync(SessionGroups.All, new PersonChanged(personId));
    }
}
