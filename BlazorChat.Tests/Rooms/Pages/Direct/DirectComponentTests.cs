using BlazorChat.Accounts.Rights;
using BlazorChat.Rooms.Pages;
using BlazorChat.Rooms.Pages.Direct;
using BlazorChat.Rooms.Pages.Drawer;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using MudBlazor;

namespace BlazorChat.Tests.Rooms.Pages.Direct;

public sealed class DirectComponentTests : ComponentTest
{
    private string Address => Services.GetRequiredService<NavigationManager>().Uri;

    [Fact]
    public async Task The_dialog_opens_the_room_of_the_chosen_people()
    {
        var (zoe, kim) = (await Site.AddPersonAsync("Zoe"), await Site.AddPersonAsync("Kim"));
        var dialogs = Render<MudDialogProvider>();
        var button = Render<NewMessageButton>();

        var opening = button.Find("button").ClickAsync();
        await dialogs.WaitForElementAsync(".new-message");
        Assert.True(Button(dialogs, "Open").HasAttribute("disabled"));
        Assert.DoesNotContain("No matches", dialogs.Markup, StringComparison.Ordinal);
        await ChooseAsync(dialogs, "zo");
        await ChooseAsync(dialogs, "kim");
        Assert.Equal(["Zoe", "Kim"], dialogs.FindAll(".person-picker-chosen bdi").Select(name => name.TextContent));
        await dialogs.Find("button[aria-label='Remove Zoe']").ClickAsync();
        await ChooseAsync(dialogs, "zo");
        await Button(dialogs, "Open").ClickAsync();
        await opening;

        var roomId = await Site.DirectRooms.FindAsync(Ada, [zoe.UserId, kim.UserId], default);
        Assert.EndsWith($"rooms/{roomId}", Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_dialog_shows_why_a_room_was_not_opened()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        var dialogs = Render<MudDialogProvider>();
        var button = Render<NewMessageButton>();
        var opening = button.Find("button").ClickAsync();
        await dialogs.WaitForElementAsync(".new-message");
        await ChooseAsync(dialogs, "zo");
        await using (var db = await Site.OpenAsync())
            await db.Users.Where(user => user.DisplayName == "Zoe").ExecuteUpdateAsync(user => user.SetProperty(u => u.BannedAt, DateTime.UnixEpoch));

        await Button(dialogs, "Open").ClickAsync();

        await dialogs.WaitForStateAsync(() => dialogs.Markup.Contains("account is banned", StringComparison.Ordinal));
        await Button(dialogs, "Cancel").ClickAsync();
        await opening;
        Assert.DoesNotContain("rooms/", Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_of_a_person_creates_the_room_by_its_button_only()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        var page = Render<DirectPage>(parameters => parameters.Add(p => p.PersonId, zoe.UserId));
        var write = await page.WaitForElementAsync("button");
        Assert.Null(await Site.DirectRooms.FindAsync(Ada, [zoe.UserId], default));

        await write.ClickAsync();

        var roomId = await Site.DirectRooms.FindAsync(Ada, [zoe.UserId], default);
        Assert.EndsWith($"rooms/{roomId}", Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_of_a_person_leads_to_the_room_that_exists()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        var (roomId, _) = await Site.DirectRooms.OpenAsync(zoe, [Ada.UserId], default);

        var page = Render<DirectPage>(parameters => parameters.Add(p => p.PersonId, zoe.UserId));

        await page.WaitForStateAsync(() => Address.EndsWith($"rooms/{roomId}", StringComparison.Ordinal));
        Assert.Empty(page.FindAll("button"));
    }

    [Fact]
    public async Task A_direct_room_shows_its_people_and_no_command_that_changes_them()
    {
        var (zoe, kim) = (await Site.AddPersonAsync("Zoe"), await Site.AddPersonAsync("Kim"));
        var picture = Guid.NewGuid();
        await using (var db = await Site.OpenAsync())
            await db.Users.Where(user => user.DisplayName == "Zoe").ExecuteUpdateAsync(user => user.SetProperty(u => u.AvatarId, picture));
        var (two, _) = await Site.DirectRooms.OpenAsync(Ada, [zoe.UserId], default);
        var (three, _) = await Site.DirectRooms.OpenAsync(Ada, [zoe.UserId, kim.UserId], default);
        var (one, _) = await Site.DirectRooms.OpenAsync(Ada, [], default);

        var page = Render<RoomPage>(parameters => parameters.Add(p => p.Id, two));
        await page.WaitForElementAsync("textarea");
        Assert.Equal("Zoe", page.Find("h1 bdi").TextContent);
        Assert.Equal("Message Zoe", page.Find("textarea").GetAttribute("placeholder"));
        Assert.EndsWith($"avatars/{zoe.UserId}/{picture}", page.Find("h1 img").GetAttribute("src"), StringComparison.Ordinal);
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent is "Leave" or "Rename");

        page.Render(parameters => parameters.Add(p => p.Id, three));
        await page.WaitForStateAsync(() => Heading(page) == "Kim, Zoe");
        Assert.Equal("Group", page.Find("h1 svg").GetAttribute("aria-label"));
        page.Render(parameters => parameters.Add(p => p.Id, one));
        await page.WaitForStateAsync(() => Heading(page) == "You");
        await page.WaitForElementAsync("textarea[placeholder='Message yourself']");
    }

    [Fact]
    public async Task The_drawer_shows_a_direct_room_when_its_first_message_is_written()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        await Site.Rooms.CreateAsync(Ada, "General", default);
        var nav = Render<RoomNav>();
        await nav.WaitForStateAsync(() => Names(nav).SequenceEqual(["General"]));
        var (roomId, _) = await Site.DirectRooms.OpenAsync(zoe, [Ada.UserId], default);

        await Site.Conversation.SendAsync(zoe, roomId, Guid.NewGuid(), "Hello", default);

        await nav.WaitForStateAsync(() => Names(nav).SequenceEqual(["General", "Zoe"]));
        Assert.Equal("1", nav.Find($"a[href='rooms/{roomId}'] .room-nav-count [aria-hidden]").TextContent);
    }

    private static string? Heading(IRenderedComponent<RoomPage> page) => page.FindAll("h1 bdi") is [var name, ..] ? name.TextContent : null;

    private static IEnumerable<string> Names(IRenderedComponent<RoomNav> nav) => nav.FindAll("li bdi").Select(name => name.TextContent);

    private static async Task ChooseAsync(IRenderedComponent<MudDialogProvider> dialogs, string text)
    {
        await dialogs.Find("#person-picker-text").ChangeAsync(text);
        await dialogs.Find(".person-picker form").SubmitAsync();
        await dialogs.WaitForStateAsync(() => dialogs.FindAll(".person-picker-found bdi")
            .Any(name => name.TextContent.Contains(text, StringComparison.OrdinalIgnoreCase)));
        await dialogs.Find(".person-picker-found input[type=checkbox]").ChangeAsync(true);
    }

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<IComponent> page, string text) =>
        page.FindAll("button").Single(button => button.TextContent == text);
}
