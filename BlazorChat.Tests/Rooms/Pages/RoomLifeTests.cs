using System.Security.Claims;
using BlazorChat.Channels.Layer;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Pages;
using BlazorChat.Rooms.Pages.Composing;
using BlazorChat.Rooms.Pages.Dialogs;
using BlazorChat.Rooms.Pages.Drawer;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.EntityFrameworkCore;
using MudBlazor;

namespace BlazorChat.Tests.Rooms.Pages;

/// <summary>Open pages and dialogs of rooms whose settings change.</summary>
public sealed class RoomLifeTests : ComponentTest
{
    private ClaimsPrincipal _zoe = default!;
    private RoomView _room = default!;

    [Fact]
    public async Task An_open_page_shows_a_new_topic_and_the_lists_a_new_description()
    {
        await AddRoomAsync(ownedByAda: false);
        var page = await RenderPageAsync();
        var list = Render<RoomListPage>();
        await list.WaitForElementAsync("[data-ready]");
        Assert.Empty(page.FindAll(".room-topic"));

        await Site.RoomSettings.ChangeAsync(_zoe, _room.Id, new RoomEdit(Topic: "<b>Lift-off</b>"), default);
        await page.WaitForStateAsync(() => page.FindAll(".room-topic").SingleOrDefault()?.TextContent == "<b>Lift-off</b>");
        await list.WaitForStateAsync(() => list.FindAll(".room-list-text").SingleOrDefault()?.TextContent == "<b>Lift-off</b>");
        await Site.RoomSettings.ChangeAsync(_zoe, _room.Id, new RoomEdit(Topic: "", Description: "All of it"), default);

        await page.WaitForStateAsync(() => page.FindAll(".room-topic").Count == 0);
        await list.WaitForStateAsync(() => list.Find(".room-list-text").TextContent == "All of it");
    }

    [Fact]
    public async Task A_page_that_missed_the_events_shows_the_settings_after_a_gap()
    {
        await AddRoomAsync(ownedByAda: false);
        var page = await RenderPageAsync();
        await using (var db = await Site.OpenAsync())
            await db.Rooms.ExecuteUpdateAsync(room => room.SetProperty(r => r.Topic, "Lift-off").SetProperty(r => r.ArchivedAt, DateTime.UtcNow).SetProperty(r => r.Version, 2));

        Site.Services.GetRequiredService<ChannelLayer>().SignalGap();

        await page.WaitForElementAsync(".chat-closed");
        Assert.Equal("Lift-off", page.Find(".room-topic").TextContent);
    }

    [Fact]
    public async Task The_menu_gets_what_a_member_chooses_when_its_button_is_approached()
    {
        await AddRoomAsync(ownedByAda: true);
        var page = await RenderPageAsync();
        Assert.Empty(page.FindAll(".room-preferences"));

        await page.Find("button[popovertarget=room-menu]").TriggerEventAsync("onpointerenter", new PointerEventArgs());
        Assert.NotNull(page.Find(".room-menu .room-preferences"));
        await Button(page, "Add to favorites").ClickAsync();

        await page.WaitForStateAsync(() => page.FindAll("button").Any(button => button.TextContent == "Remove from favorites"));
    }

    [Fact]
    public async Task An_archived_room_has_a_note_instead_of_the_composer()
    {
        await AddRoomAsync(ownedByAda: false);
        var page = await RenderPageAsync();

        await Site.RoomLifecycle.ArchiveAsync(_zoe, _room.Id, default);
        await page.WaitForElementAsync(".chat-closed");
        Assert.Empty(page.FindAll("textarea"));
        Assert.Single(page.FindComponents<UnsentTexts>());
        Assert.Contains("nobody can write", page.Find(".chat-closed").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".chat-closed button"));
        Assert.False(page.Find("[data-actions]").HasAttribute("data-may-write"));

        await Site.RoomLifecycle.UnarchiveAsync(_zoe, _room.Id, default);
        await page.WaitForElementAsync("textarea");
        Assert.Empty(page.FindComponents<UnsentTexts>());
    }

    [Fact]
    public async Task An_owner_unarchives_a_room_in_its_page()
    {
        await AddRoomAsync(ownedByAda: true);
        await Site.RoomLifecycle.ArchiveAsync(Ada, _room.Id, default);
        var page = Render<RoomPage>(parameters => parameters.Add(p => p.Id, _room.Id));
        var unarchive = await page.WaitForElementAsync(".chat-closed button");
        Assert.Equal("No messages yet.", (await page.WaitForElementAsync(".messages-empty")).TextContent);

        await unarchive.ClickAsync();

        await page.WaitForElementAsync("textarea");
        await page.WaitForStateAsync(() => page.Find(".messages-empty").TextContent == "No messages yet. Write the first one.");
        Assert.Null((await Site.Rooms.FindAsync(Ada, _room.Id, default))!.ArchivedAt);
    }

    [Fact]
    public async Task A_guest_of_an_archived_room_cannot_join_it()
    {
        await AddRoomAsync(ownedByAda: false);
        await Site.Owners.LeaveAsync(Ada, _room.Id, null, default);
        await Site.RoomLifecycle.ArchiveAsync(_zoe, _room.Id, default);

        var page = Render<RoomPage>(parameters => parameters.Add(p => p.Id, _room.Id));

        await page.WaitForElementAsync(".chat-closed");
        Assert.Empty(page.FindAll(".chat-closed button"));
        Assert.Empty(page.FindComponents<UnsentTexts>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_open_page_says_that_its_room_was_deleted(bool isEventLost)
    {
        await AddRoomAsync(ownedByAda: false);
        await Site.RoomSettings.ChangeAsync(_zoe, _room.Id, new RoomEdit(Kind: RoomKind.Private), default);
        var page = await RenderPageAsync();

        if (isEventLost)
        {
            await using (var db = await Site.OpenAsync())
            {
                db.Add(new RoomDeletion { RoomId = _room.Id, LeasedUntil = DateTime.UtcNow.AddHours(1) });
                await db.SaveChangesAsync();
                await db.Memberships.Where(m => m.RoomId == _room.Id).ExecuteDeleteAsync();
            }

            Site.Services.GetRequiredService<ChannelLayer>().SignalGap();
        }
        else
        {
            await Site.RoomLifecycle.DeleteAsync(_zoe, _room.Id, default);
        }

        await page.WaitForElementAsync(".room-deleted");
        Assert.Equal("This room was deleted", page.Find("h1").TextContent);
        Assert.Single(page.FindComponents<UnsentTexts>());
        Assert.DoesNotContain("Launch", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("textarea"));
    }

    [Fact]
    public async Task The_drawer_drops_archived_and_deleted_rooms_and_shows_an_unarchived_one_again()
    {
        await AddRoomAsync(ownedByAda: false);
        await Site.Rooms.CreateAsync(Ada, "Mine", default);
        var nav = Render<RoomNav>();
        await nav.WaitForStateAsync(() => Names(nav).SequenceEqual(["Launch", "Mine"]));

        await Site.RoomLifecycle.ArchiveAsync(_zoe, _room.Id, default);
        await nav.WaitForStateAsync(() => Names(nav).SequenceEqual(["Mine"]));
        await Site.RoomLifecycle.UnarchiveAsync(_zoe, _room.Id, default);
        await nav.WaitForStateAsync(() => Names(nav).SequenceEqual(["Launch", "Mine"]));
        await Site.RoomLifecycle.DeleteAsync(_zoe, _room.Id, default);

        await nav.WaitForStateAsync(() => Names(nav).SequenceEqual(["Mine"]));
    }

    [Fact]
    public async Task The_list_shows_archived_rooms_by_its_filter()
    {
        await AddRoomAsync(ownedByAda: false);
        await Site.Owners.LeaveAsync(Ada, _room.Id, null, default);
        var list = Render<RoomListPage>();
        await list.WaitForElementAsync("[data-ready]");
        Assert.Equal(["Launch"], Names(list));

        await Site.RoomLifecycle.ArchiveAsync(_zoe, _room.Id, default);
        await list.WaitForStateAsync(() => !Names(list).Any());
        await list.Find("input[type=checkbox]").ChangeAsync(true);
        await list.WaitForStateAsync(() => Names(list).SequenceEqual(["Launch"]));
        Assert.Empty(list.FindAll("button[aria-label='Join Launch']"));
        await Site.RoomLifecycle.UnarchiveAsync(_zoe, _room.Id, default);
        await list.WaitForStateAsync(() => !Names(list).Any());
        Assert.Contains("No archived rooms", list.Markup, StringComparison.Ordinal);
        await list.Find("input[type=checkbox]").ChangeAsync(false);

        await list.WaitForStateAsync(() => Names(list).SequenceEqual(["Launch"]));
    }

    [Fact]
    public async Task The_list_drops_a_room_that_became_private_and_shows_it_when_it_is_open_again()
    {
        await AddRoomAsync(ownedByAda: false);
        await Site.Owners.LeaveAsync(Ada, _room.Id, null, default);
        var list = Render<RoomListPage>();
        await list.WaitForElementAsync("[data-ready]");
        Assert.Equal(["Launch"], Names(list));

        await Site.RoomSettings.ChangeAsync(_zoe, _room.Id, new RoomEdit(Name: "Secret", Kind: RoomKind.Private), default);
        await list.WaitForStateAsync(() => !Names(list).Any());
        Assert.DoesNotContain("Secret", list.Markup, StringComparison.Ordinal);
        await Site.RoomSettings.ChangeAsync(_zoe, _room.Id, new RoomEdit(Kind: RoomKind.Open), default);

        await list.WaitForStateAsync(() => Names(list).SequenceEqual(["Secret"]));
        Assert.Contains("1 member", list.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_owner_changes_the_settings_in_a_dialog_and_keeps_what_others_changed_meanwhile()
    {
        await AddRoomAsync(ownedByAda: true);
        var dialogs = await ShowSettingsAsync();
        await Site.RoomSettings.ChangeAsync(Ada, _room.Id, new RoomEdit(Name: "Lift-off"), default);

        await dialogs.Find("#room-topic").ChangeAsync("At noon");
        await dialogs.Find("#room-description").ChangeAsync("All of it");
        await dialogs.Find("[data-only-owners]").ChangeAsync(true);
        await dialogs.Find("[data-private]").ChangeAsync(true);
        Assert.Contains("lose access", dialogs.Find("#room-settings-form [role=status]").TextContent, StringComparison.Ordinal);
        await dialogs.Find("#room-settings-form").SubmitAsync();

        await dialogs.WaitForStateAsync(() => dialogs.FindAll("#room-settings-form").Count == 0);
        var room = (await Site.Rooms.FindAsync(Ada, _room.Id, default))!;
        Assert.Equal(
            ("Lift-off", "At noon", "All of it", RoomKind.Private, true), (room.Name, room.Topic, room.Description, room.Kind, room.OnlyOwnersMentionRoom));
    }

    [Fact]
    public async Task A_refused_change_is_shown_in_the_dialog()
    {
        await AddRoomAsync(ownedByAda: true);
        await Site.Rooms.CreateAsync(Ada, "Taken", default);
        var dialogs = await ShowSettingsAsync();

        await dialogs.Find("#room-name").ChangeAsync("taken");
        await dialogs.Find("#room-settings-form").SubmitAsync();
        Assert.Contains("already a room", dialogs.Find("#room-settings-form .error").TextContent, StringComparison.Ordinal);
        await using (var db = await Site.OpenAsync())
            await db.Rooms.ExecuteUpdateAsync(room => room.SetProperty(r => r.IsDefault, true));
        await Button(dialogs, "Archive room").ClickAsync();

        Assert.Contains("automatically", dialogs.Find(".room-settings-danger .error").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleting_a_room_needs_a_confirmation_that_names_it()
    {
        await AddRoomAsync(ownedByAda: true);
        var dialogs = Render<MudDialogProvider>();
        var page = await RenderPageAsync();
        _ = Button(page, "Room settings").ClickAsync();
        await dialogs.WaitForElementAsync("#room-settings-form");

        _ = Button(dialogs, "Delete room…").ClickAsync();
        await dialogs.WaitForStateAsync(() => dialogs.FindAll("button").Any(button => button.TextContent == "Delete room"));
        Assert.Contains("Delete Launch?", dialogs.Markup, StringComparison.Ordinal);
        Assert.NotNull(await Site.Rooms.FindAsync(Ada, _room.Id, default));
        _ = Button(dialogs, "Delete room").ClickAsync();

        await dialogs.WaitForStateAsync(() => dialogs.FindAll("button").Count == 0);
        Assert.Null(await Site.Rooms.FindAsync(Ada, _room.Id, default));
    }

    [Fact]
    public async Task A_member_reads_about_the_room_and_has_no_settings()
    {
        await AddRoomAsync(ownedByAda: false);
        await Site.RoomSettings.ChangeAsync(_zoe, _room.Id, new RoomEdit(Topic: "Lift-off", Description: "Two\nlines"), default);
        var dialogs = Render<MudDialogProvider>();
        var page = await RenderPageAsync();
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent == "Room settings");

        await Button(page, "About this room").ClickAsync();

        await dialogs.WaitForStateAsync(() => dialogs.Markup.Contains("2 members", StringComparison.Ordinal));
        Assert.Equal(["Lift-off", "Two\nlines"], dialogs.FindAll(".room-about [translate]").Select(text => text.TextContent));
    }

    [Fact]
    public async Task Owners_are_made_and_removed_in_the_dialog_of_members()
    {
        await AddRoomAsync(ownedByAda: true);
        await Site.Rooms.JoinAsync(_zoe, _room.Id, default);
        var dialogs = Render<MudDialogProvider>();
        var service = Services.GetRequiredService<IDialogService>();
        await dialogs.InvokeAsync(() => service.ShowAsync<MembersDialog>("Members", MembersDialog.CreateParameters(_room, mayManage: true)));

        await (await dialogs.WaitForElementAsync("button[aria-label='Remove as owner: Ada']")).ClickAsync();
        Assert.Contains("A room needs an owner", dialogs.Find(".members .error").TextContent, StringComparison.Ordinal);
        await dialogs.Find("button[aria-label='Make owner: Zoe']").ClickAsync();
        await dialogs.WaitForElementAsync("button[aria-label='Remove as owner: Zoe']");
        Assert.Equal(MembershipRole.Owner, (await Site.Rooms.FindAsync(_zoe, _room.Id, default))!.Role);
        await dialogs.Find("button[aria-label='Remove as owner: Ada']").ClickAsync();

        // She may not manage the room any more.
        await dialogs.WaitForStateAsync(() => dialogs.FindAll(".members").Count == 0);
        Assert.Equal(MembershipRole.Member, (await Site.Rooms.FindAsync(Ada, _room.Id, default))!.Role);
    }

    private static IEnumerable<string> Names(IRenderedComponent<IComponent> list) => list.FindAll("li bdi").Select(name => name.TextContent);

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<IComponent> page, string text) =>
        page.FindAll("button").Single(button => button.TextContent == text);

    /// <summary>Adds a room with Ada and Zoe, or with its owner Ada alone.</summary>
    private async Task AddRoomAsync(bool ownedByAda)
    {
        _zoe = await Site.AddPersonAsync("Zoe");
        _room = await Site.Rooms.CreateAsync(ownedByAda ? Ada : _zoe, "Launch", default);
        if (!ownedByAda)
            await Site.Rooms.JoinAsync(Ada, _room.Id, default);
    }

    private async Task<IRenderedComponent<RoomPage>> RenderPageAsync()
    {
        var page = Render<RoomPage>(parameters => parameters.Add(p => p.Id, _room.Id));
        await page.WaitForElementAsync("textarea");
        return page;
    }

    private async Task<IRenderedComponent<MudDialogProvider>> ShowSettingsAsync()
    {
        var dialogs = Render<MudDialogProvider>();
        var service = Services.GetRequiredService<IDialogService>();
        await dialogs.InvokeAsync(() => service.ShowAsync<RoomSettingsDialog>("Room settings", RoomSettingsDialog.CreateParameters(_room)));
        await dialogs.WaitForElementAsync("#room-settings-form");
        return dialogs;
    }
}
