using BlazorChat.Accounts.Presence;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorChat.Tests.Browser.Rooms;

/// <summary>Messages to all members, or to those who are online: the question before, the marks of those who were called, and the answer where it stays text.</summary>
public sealed class CallingManyTests(BrowserFixture browser)
{
    [Fact]
    public async Task Many_people_are_called_only_after_a_question_and_see_that_they_were()
    {
        await using var node = await HostedNode.StartAsync();
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada");
        await ada.SetUpSiteAsync();
        var people = await AddMembersAsync(node, 14);
        var presence = node.Services.GetRequiredService<PresenceDirectory>();
        var connections = people.Take(12).Select(person => presence.Open(TestDatabase.SignIn(person.Id, person.DisplayName))).ToArray();
        await ada.OpenRoomAsync(1);

        foreach (var (message, title, words) in new[]
        {
            ("@room, lunch", "Notify everyone in this room?", "This notifies 14 people."),
            ("@here, coffee", "Notify everyone online in this room?", "This notifies 12 people who are online."),
        })
        {
            var question = ada.Page.GetByRole(AriaRole.Alertdialog, new() { Name = title });
            await ada.SendMessageAsync(message);
            await Expect(question).ToContainTextAsync(words);
            await Expect(question.GetByRole(AriaRole.Button, new() { Name = "Keep editing" })).ToBeFocusedAsync();
            await ada.ScreenshotAsync($"mention-question-{message[1..5]}-light-wide");
            await ada.AssertAccessibleAsync();
            await ada.Page.Keyboard.PressAsync("Escape");
            await Expect(question).ToBeHiddenAsync();
            await Expect(ada.Composer).ToBeFocusedAsync();
            await Expect(ada.Composer).ToHaveValueAsync(message);

            await ada.Page.Keyboard.PressAsync("Enter");
            await question.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
            await ada.SeesAsync(message);
            await Expect(ada.Composer).ToHaveValueAsync("");
        }

        // Few people, and nobody.
        Array.ForEach(connections, connection => connection.Dispose());
        await ada.SendMessageAsync("no@room.example is nobody");
        await ada.SeesAsync("is nobody");
    }

    [Fact]
    public async Task Readers_see_which_messages_have_called_them_and_authors_when_they_called_nobody()
    {
        await using var node = await HostedNode.StartAsync();
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada", width: 360, height: 740, scheme: ColorScheme.Dark);
        await ada.SetUpSiteAsync();
        var zoe = (await AddMembersAsync(node, 1)).Single();
        var conversation = node.Services.GetRequiredService<BlazorChat.Rooms.Messages.Conversation>();
        // Nobody is online yet.
        await SendAsync("@here before");
        await ada.OpenRoomAsync(1);
        await SendAsync("@here, look");

        await Expect(ada.Message(2)).ToHaveAttributeAsync("data-mentioned", "");
        await Expect(ada.Message(2).Locator(".mention[data-own]")).ToHaveTextAsync("@here");
        await ada.ScreenshotAsync("mention-here-own-dark-360");
        // Rows that are sent again are marked again.
        await ada.OpenRoomAsync(1);
        await Expect(ada.Message(2)).ToHaveAttributeAsync("data-mentioned", "");
        await Expect(ada.Message(1).Locator(".mention[data-asked]")).ToHaveTextAsync("@here");
        await Expect(ada.Message(1)).Not.ToHaveAttributeAsync("data-mentioned", "");

        // Only owners may call many people here, and she is one no longer.
        await using (var database = new DirectDatabase(node.DataFolder))
        {
            await database.Db.Rooms.ExecuteUpdateAsync(room => room.SetProperty(r => r.OnlyOwnersMentionRoom, true));
            await database.Db.Memberships.ExecuteUpdateAsync(member => member.SetProperty(m => m.Role, MembershipRole.Member));
        }

        await ada.SendMessageAsync("@here again");
        await ada.SeesAsync("@here again");
        await Expect(ada.Page.GetByRole(AriaRole.Alert).GetByText("Sent, but nobody was notified by @room or @here.")).ToBeVisibleAsync();
        await ada.SendMessageAsync("hello");
        await ada.SeesAsync("hello");
        await Expect(ada.Page.GetByText("Sent, but nobody was notified")).ToHaveCountAsync(0);

        Task SendAsync(string text) => conversation.SendAsync(TestDatabase.SignIn(zoe.Id, zoe.DisplayName), 1, Guid.NewGuid(), text, default);
    }

    private static async Task<ChatUser[]> AddMembersAsync(HostedNode node, int count)
    {
        ChatUser[] people = [.. Enumerable.Range(1, count).Select(i => new ChatUser
        {
            UserName = $"member{i}",
            NormalizedUserName = $"MEMBER{i}",
            DisplayName = $"Member {i}",
            Handle = $"member-{i}",
        })];
        await using var database = new DirectDatabase(node.DataFolder);
        database.Db.AddRange(people.Select(person => new Membership { RoomId = 1, User = person }));
        await database.Db.SaveChangesAsync();
        return people;
    }
}
