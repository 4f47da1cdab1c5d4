using System.Data.Common;
using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Pages;
using BlazorChat.Rooms.Pages.Dialogs;
using BlazorChat.Rooms.Pages.Drawer;
using Bunit;
using Microsoft.EntityFrameworkCore.Diagnostics;
using MudBlazor;

namespace BlazorChat.Tests.Rooms.Pages;

/// <summary>The list of all rooms, the drawer, and the dialogs of members.</summary>
public sealed class RoomListTests : ComponentTest
{
    private RoomMembers Members => Site.Services.GetRequiredService<RoomMembers>();

    [Fact]
    public async Task B5_The_list_shows_every_room_by_pages_and_searches_by_part_of_the_name()
    {
        await AddRoomsAsync(60);
        var list = Render<RoomListPage>();
        await list.WaitForElementAsync("[data-ready]");
        Assert.Equal(RoomDirectory.PageSize, list.FindAll("li").Count);

        await Button(list, "Show more").ClickAsync();
        await list.WaitForStateAsync(() => list.FindAll("li").Count == 60);
        Assert.DoesNotContain(list.FindAll("button"), button => button.TextContent == "Show more");
        await list.Find("input[type=search]").ChangeAsync("M 05");
        await list.Find("form[role=search]").SubmitAsync();

        await list.WaitForStateAsync(() => list.FindAll("li").Count == 10);
        Assert.Equal("Room 050", list.Find("li bdi").TextContent);
    }

    [Fact]
    public async Task B5_A_long_drawer_can_be_searched_and_shows_more()
    {
        await AddRoomsAsync(130, Ada);
        var nav = Render<RoomNav>();
        await nav.WaitForStateAsync(() => nav.FindAll("li").Count == 100);

        await Button(nav, "Show more").ClickAsync();
        Assert.Equal(130, nav.FindAll("li").Count);
        await nav.Find("input[type=search]").InputAsync("room 129");

        Assert.Equal("Room 129", Assert.Single(nav.FindAll("li bdi")).TextContent);
    }

    [Fact]
    public async Task B2_Members_see_the_new_name_of_a_private_room_in_their_lists()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        var room = await Site.Rooms.CreateAsync(zoe, "Secret", RoomKind.Private, default);
        await Members.AddAsync(zoe, room.Id, Ada.UserId, default);
        var nav = Render<RoomNav>();
        var list = Render<RoomListPage>();
        await list.WaitForElementAsync("[data-ready]");
        await nav.WaitForStateAsync(() => Names(nav).SequenceEqual(["Secret"]));

        await Site.RoomSettings.RenameAsync(zoe, room.Id, "Project X", default);

        await nav.WaitForStateAsync(() => Names(nav).SequenceEqual(["Project X"]));
        await list.WaitForStateAsync(() => Names(list).SequenceEqual(["Project X"]));
    }

    [Theory]
    [InlineData("create", "A new room", "Mine")]
    [InlineData("rename", "Renamed")]
    [InlineData("join", "Mine", "Zoe's")]
    [InlineData("leave")]
    public async Task B2_Committed_changes_reach_the_lists_also_when_the_page_was_closed(string command, params string[] expected)
    {
        Assert.SkipWhen(TestDatabase.IsOnSqlServer, "The intercepted database is SQLite's.");
        var zoe = await Site.AddPersonAsync("Zoe");
        var mine = await Site.Rooms.CreateAsync(Ada, "Mine", RoomKind.Private, default);
        var hers = await Site.Rooms.CreateAsync(zoe, "Zoe's", default);
        var nav = Render<RoomNav>();
        await nav.WaitForStateAsync(() => Names(nav).SequenceEqual(["Mine"]));
        using var page = new CancellationTokenSource();
        var databases = new InterceptedDatabase(Site.DataFolder, new CancelAfterCommit(page));
        var owners = ActivatorUtilities.CreateInstance<RoomOwners>(Site.Services, databases);
        var rooms = ActivatorUtilities.CreateInstance<RoomDirectory>(Site.Services, databases);
        var settings = ActivatorUtilities.CreateInstance<RoomSettings>(Site.Services, databases);

        await Record.ExceptionAsync(() => command switch
        {
            "create" => rooms.CreateAsync(Ada, "A new room", page.Token),
            "rename" => settings.RenameAsync(Ada, mine.Id, "Renamed", page.Token),
            "join" => rooms.JoinAsync(Ada, hers.Id, page.Token),
            _ => owners.LeaveAsync(Ada, mine.Id, newOwnerId: null, page.Token),
        });

        Assert.True(page.IsCancellationRequested);
        await nav.WaitForStateAsync(() => Names(nav).SequenceEqual(expected));
    }

    [Fact]
    public async Task F3_A_new_name_is_shown_from_its_event_and_an_older_one_is_not()
    {
        var room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        await Site.Rooms.CreateAsync(Ada, "Zoo", default);
        var nav = Render<RoomNav>();
        var list = Render<RoomListPage>();
        await list.WaitForElementAsync("[data-ready]");
        await nav.WaitForStateAsync(() => nav.FindAll("li").Count == 2);

        // No database has this name, so the page made no query.
        await Site.Layer.PublishAsync(RoomGroups.All, new RoomChanged(room.Id, "Zzz", RoomKind.Open, Version: 2));
        await Site.Layer.PublishAsync(RoomGroups.All, new RoomChanged(room.Id, "Older", RoomKind.Open, Version: 1));
        await Site.Layer.PublishAsync(RoomGroups.All, new RoomChanged(99, "New", RoomKind.Open, Version: 0));

        await list.WaitForStateAsync(() => Names(list).Contains("New"));
        await nav.WaitForStateAsync(() => Names(nav).SequenceEqual(["Zoo", "Zzz"]));
        Assert.Contains("Zzz", Names(list));
        Assert.DoesNotContain("Older", Names(list));
    }

    [Fact]
    public async Task A_renamed_room_moves_to_its_place_and_leaves_a_search_that_it_does_not_match()
    {
        var first = await Site.Rooms.CreateAsync(Ada, "Alpha", default);
        var second = await Site.Rooms.CreateAsync(Ada, "Mike", default);
        var list = Render<RoomListPage>();
        await list.WaitForElementAsync("[data-ready]");

        await Site.RoomSettings.RenameAsync(Ada, first.Id, "Zulu", default);
        await list.WaitForStateAsync(() => Names(list).SequenceEqual(["Mike", "Zulu"]));
        await list.Find("input[type=search]").ChangeAsync("mi");
        await list.Find("form[role=search]").SubmitAsync();
        await list.WaitForStateAsync(() => Names(list).SequenceEqual(["Mike"]));
        await Site.RoomSettings.RenameAsync(Ada, second.Id, "November", default);

        await list.WaitForStateAsync(() => !Names(list).Any());
    }

    [Fact]
    public async Task F3_A_list_that_is_reloaded_after_a_gap_shows_as_many_pages_as_before()
    {
        await AddRoomsAsync(60);
        var list = Render<RoomListPage>();
        await list.WaitForElementAsync("[data-ready]");
        await Button(list, "Show more").ClickAsync();
        await list.WaitForStateAsync(() => list.FindAll("li").Count == 60);
        await AddRoomsAsync(1, name: "Zoo");

        Site.Services.GetRequiredService<ChannelLayer>().SignalGap();

        await list.WaitForStateAsync(() => Names(list).Contains("Zoo 000"));
        Assert.Equal(61, list.FindAll("li").Count);
    }

    [Fact]
    public async Task G1_Leaving_a_private_room_from_the_list_needs_a_confirmation()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        var room = await Site.Rooms.CreateAsync(zoe, "Secret", RoomKind.Private, default);
        var dialogs = Render<MudDialogProvider>();
        var list = Render<RoomListPage>();
        await list.WaitForElementAsync("[data-ready]");
        await Members.AddAsync(zoe, room.Id, Ada.UserId, default);
        var leave = await list.WaitForElementAsync("button[aria-label='Leave Secret']");

        await leave.ClickAsync();
        await dialogs.WaitForElementAsync(".leave-room");
        Assert.NotNull(await Site.Rooms.FindAsync(Ada, room.Id, default));
        await (await ReadyButtonAsync(dialogs, "Leave")).ClickAsync();

        await list.WaitForStateAsync(() => list.FindAll("li").Count == 0);
        Assert.Null(await Site.Rooms.FindAsync(Ada, room.Id, default));
    }

    [Fact]
    public async Task B4_The_only_owner_chooses_a_new_owner_before_leaving()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        var room = await Site.Rooms.CreateAsync(Ada, "Secret", RoomKind.Private, default);
        await Members.AddAsync(Ada, room.Id, zoe.UserId, default);
        var dialogs = Render<MudDialogProvider>();
        var list = Render<RoomListPage>();
        await list.WaitForElementAsync("[data-ready]");

        await (await list.WaitForElementAsync("button[aria-label='Leave Secret']")).ClickAsync();
        var choice = await dialogs.WaitForElementAsync(".person-picker input[type=radio]");
        Assert.True(Button(dialogs, "Transfer and leave").HasAttribute("disabled"));
        await choice.ChangeAsync(true);
        await (await ReadyButtonAsync(dialogs, "Transfer and leave")).ClickAsync();

        await list.WaitForStateAsync(() => list.FindAll("li").Count == 0);
        Assert.Equal(MembershipRole.Owner, (await Site.Rooms.FindAsync(zoe, room.Id, default))!.Role);
    }

    [Fact]
    public async Task Cancelling_the_dialog_does_not_leave_the_room()
    {
        var room = await Site.Rooms.CreateAsync(Ada, "Secret", RoomKind.Private, default);
        var dialogs = Render<MudDialogProvider>();
        var page = Render<RoomPage>(parameters => parameters.Add(p => p.Id, room.Id));
        await page.WaitForElementAsync("textarea");

        var leaving = page.FindAll("button").Single(button => button.TextContent == "Leave").ClickAsync();
        await dialogs.WaitForElementAsync(".leave-room");
        await (await ReadyButtonAsync(dialogs, "Cancel")).ClickAsync();
        await leaving;

        Assert.NotNull(page.Find("textarea"));
    }

    [Fact]
    public async Task B5_Members_are_shown_by_pages_and_searched()
    {
        var room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        for (var i = 0; i < 60; i++)
            await Site.Rooms.JoinAsync(await Site.AddPersonAsync($"Person {i:00}"), room.Id, default);
        await Site.Rooms.JoinAsync(await Site.AddPersonAsync("Åsa"), room.Id, default);
        var dialogs = Render<MudDialogProvider>();
        var service = Services.GetRequiredService<IDialogService>();

        await dialogs.InvokeAsync(() => service.ShowAsync<MembersDialog>("Members", MembersDialog.CreateParameters(room, mayManage: true)));
        await dialogs.WaitForStateAsync(() => Rows().Count == RoomMembers.PageSize);
        Assert.Contains("Ada", Rows()[0], StringComparison.Ordinal);
        await Button(dialogs, "Show more").ClickAsync();
        await dialogs.WaitForStateAsync(() => Rows().Count == 62);
        Assert.Equal(62, Rows().Distinct().Count());
        await dialogs.Find("#member-search").ChangeAsync("asa");
        await dialogs.Find("form[role=search]").SubmitAsync();

        await dialogs.WaitForStateAsync(() => Rows().Count == 1);
        Assert.Contains("Åsa", Rows()[0], StringComparison.Ordinal);

        IReadOnlyList<string> Rows() => [.. dialogs.FindAll("ul[aria-label=Members] .members-name").Select(row => row.TextContent)];
    }

    private static IEnumerable<string> Names(IRenderedComponent<Microsoft.AspNetCore.Components.IComponent> list) =>
        list.FindAll("li bdi").Select(name => name.TextContent);

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<Microsoft.AspNetCore.Components.IComponent> page, string text) =>
        page.FindAll("button").Single(button => button.TextContent == text);

    private static async Task<AngleSharp.Dom.IElement> ReadyButtonAsync(IRenderedComponent<MudDialogProvider> dialogs, string text)
    {
        await dialogs.WaitForStateAsync(() => !Button(dialogs, text).HasAttribute("disabled"));
        return Button(dialogs, text);
    }

    private async Task AddRoomsAsync(int count, ClaimsPrincipal? member = null, string name = "Room")
    {
        await using var db = await Site.OpenAsync();
        for (var i = 0; i < count; i++)
        {
            var room = new Room { Name = $"{name} {i:000}", NormalizedName = Room.Normalize($"{name} {i:000}") };
            db.Add(room);
            if (member is not null)
                db.Add(new Membership { Room = room, UserId = member.UserId });
        }

        await db.SaveChangesAsync();
    }

    private sealed class CancelAfterCommit(CancellationTokenSource page) : DbTransactionInterceptor
    {
        public override Task TransactionCommittedAsync(
            DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) => page.CancelAsync();
    }
}
