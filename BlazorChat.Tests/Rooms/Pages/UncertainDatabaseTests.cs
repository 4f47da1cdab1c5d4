using BlazorChat.Accounts.Rights;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Messages;
using BlazorChat.Rooms.Pages;
using BlazorChat.Rooms.Pages.Dialogs;
using BlazorChat.Rooms.Pages.Drawer;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using MudBlazor;

namespace BlazorChat.Tests.Rooms.Pages;

/// <summary>Pages over a database that answers late, out of order, or not at all.</summary>
public sealed class UncertainDatabaseTests : ComponentTest
{
    private ControlledDatabases _databases = default!;
    private AdminRights _rights = default!;

    [Fact]
    public async Task B3_Of_two_rooms_that_are_opened_in_turn_the_second_is_shown()
    {
        var (first, second, third) = (await CreateAsync("First"), await CreateAsync("Second"), await CreateAsync("Third"));
        var page = Render<RoomPage>(parameters => parameters.Add(p => p.Id, first.Id));
        await page.WaitForStateAsync(() => Heading(page) == "First");
        _databases.IsHolding = true;

        page.Render(parameters => parameters.Add(p => p.Id, second.Id));
        var late = await _databases.NextAsync();
        // Text that is typed from here on must not be sent to the previous room.
        Assert.Empty(page.FindAll("textarea"));
        page.Render(parameters => parameters.Add(p => p.Id, third.Id));
        var early = await _databases.NextAsync();
        _databases.IsHolding = false;
        early.SetResult();
        await page.WaitForStateAsync(() => Heading(page) == "Third");
        late.SetResult();

        // A reload after the late answer would show its room.
        await Site.RoomSettings.RenameAsync(Ada, third.Id, "Third, renamed", default);
        await page.WaitForStateAsync(() => Heading(page) == "Third, renamed");
        Assert.Equal("Message #Third, renamed", page.Find("textarea").GetAttribute("aria-label"));
    }

    [Fact]
    public async Task B3_Who_returns_to_a_room_before_another_one_is_read_stays_there()
    {
        var (first, second) = (await CreateAsync("First"), await CreateAsync("Second"));
        var page = Render<RoomPage>(parameters => parameters.Add(p => p.Id, first.Id));
        await page.WaitForStateAsync(() => Heading(page) == "First");
        _databases.IsHolding = true;

        page.Render(parameters => parameters.Add(p => p.Id, second.Id));
        var late = await _databases.NextAsync();
        _databases.IsHolding = false;
        page.Render(parameters => parameters.Add(p => p.Id, first.Id));
        late.SetResult();

        // The change of an event is applied after the answer.
        await Site.RoomSettings.RenameAsync(Ada, first.Id, "First, renamed", default);
        await page.WaitForStateAsync(() => Heading(page) == "First, renamed");
    }

    [Fact]
    public async Task B3_Of_two_searches_the_second_is_shown()
    {
        await Site.AddPersonAsync("Anna");
        await Site.AddPersonAsync("Berta");
        var room = await CreateAsync("Room");
        var dialogs = await OpenAsync<MembersDialog>(MembersDialog.CreateParameters(room, mayManage: true));
        _databases.IsHolding = true;

        await FindAsync("Anna");
        var late = await _databases.NextAsync();
        await FindAsync("Berta");
        var early = await _databases.NextAsync();
        _databases.IsHolding = false;
        early.SetResult();
        await dialogs.WaitForElementAsync("button[aria-label='Add Berta']");
        late.SetResult();
        await dialogs.Find("button[aria-label='Add Berta']").ClickAsync();

        await dialogs.WaitForElementAsync("button[aria-label='Remove Berta']");
        Assert.Empty(dialogs.FindAll("button[aria-label='Add Anna']"));

        async Task FindAsync(string name)
        {
            await dialogs.Find("#member-name").ChangeAsync(name);
            _ = dialogs.Find(".members-find").SubmitAsync();
        }
    }

    [Fact]
    public async Task B3_An_older_answer_does_not_replace_a_new_name()
    {
        var room = await CreateAsync("Room");
        var nav = Render<RoomNav>();
        var list = Render<RoomListPage>();
        await list.WaitForElementAsync("[data-ready]");
        await nav.WaitForStateAsync(() => nav.FindAll("li").Count == 1);
        _databases.IsHolding = true;
        await list.Find("input[type=search]").ChangeAsync("ro");
        _ = list.Find("form[role=search]").SubmitAsync();
        var answer = await _databases.NextAsync();
        _databases.IsHolding = false;

        // The database does not have this name, like an answer that was read before the change.
        await Site.Layer.PublishAsync(RoomGroups.All, new RoomChanged(room.Id, "Room, renamed", RoomKind.Open, Version: 1));
        await nav.WaitForStateAsync(() => nav.Find("li bdi").TextContent == "Room, renamed");
        answer.SetResult();

        await list.WaitForStateAsync(() => list.Find("li bdi").TextContent == "Room, renamed");
        await list.InvokeAsync(() => { });
        Assert.Equal("Room, renamed", list.Find("li bdi").TextContent);
    }

    [Fact]
    public async Task E2_A_failure_to_open_the_members_is_shown_and_the_room_stays()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        var room = await Site.Rooms.CreateAsync(zoe, "Room", default);
        await Site.Rooms.JoinAsync(Ada, room.Id, default);
        var dialogs = Render<MudDialogProvider>();
        _databases.IsHolding = true;
        var page = Render<RoomPage>(parameters => parameters.Add(p => p.Id, room.Id));
        // The page reads the room and the rights, and again when it has subscribed. The new name shows that it has.
        for (var i = 0; i < 2; i++)
            (await _databases.NextAsync()).SetResult();
        var again = await _databases.NextAsync();
        _databases.IsHolding = false;
        await Site.RoomSettings.RenameAsync(zoe, room.Id, "Renamed", default);
        again.SetResult();
        await page.WaitForStateAsync(() => Heading(page) == "Renamed");

        _rights.Clear();
        _databases.Fail(times: 2);
        await Members().ClickAsync();
        await page.WaitForElementAsync(".error:not(:empty)");
        // The render of the failure made no query, so the next query fails too.
        await Members().ClickAsync();
        Assert.NotEmpty(page.FindAll(".error:not(:empty)"));
        Assert.NotNull(page.Find("textarea"));
        await Members().ClickAsync();

        await dialogs.WaitForElementAsync("ul[aria-label=Members] li");

        AngleSharp.Dom.IElement Members() => page.Find("button[aria-label=Members]");
    }

    [Fact]
    public async Task E2_A_failure_to_join_or_leave_is_shown_beside_the_button_and_can_be_retried()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        var room = await Site.Rooms.CreateAsync(zoe, "Zoe's", default);
        // An owner leaves by a dialog.
        var hers = await Site.Rooms.CreateAsync(zoe, "Hers", default);
        await Site.Rooms.JoinAsync(Ada, hers.Id, default);
        var list = Render<RoomListPage>();
        await list.WaitForElementAsync("[data-ready]");

        _databases.Fail();
        await list.Find("button[aria-label=\"Join Zoe's\"]").ClickAsync();
        Assert.Contains("could not do this", ErrorBeside("Join Zoe's"), StringComparison.Ordinal);
        Assert.False((await Site.Rooms.FindAsync(Ada, room.Id, default))!.IsMember);
        _databases.Fail();
        await list.Find("button[aria-label='Leave Hers']").ClickAsync();
        Assert.Contains("could not do this", ErrorBeside("Leave Hers"), StringComparison.Ordinal);

        await list.Find("button[aria-label=\"Join Zoe's\"]").ClickAsync();
        Assert.Empty(list.FindAll(".error"));
        Assert.True((await Site.Rooms.FindAsync(Ada, room.Id, default))!.IsMember);

        string ErrorBeside(string button) =>
            list.FindAll("li").Single(row => row.QuerySelector($"button[aria-label=\"{button}\"]") is not null).QuerySelector(".error")!.TextContent;
    }

    [Fact]
    public async Task E2_A_failure_to_find_or_rename_is_shown_in_the_dialog_and_the_text_stays()
    {
        await Site.AddPersonAsync("Anna");
        var room = await CreateAsync("Room");
        var dialogs = await OpenAsync<MembersDialog>(MembersDialog.CreateParameters(room, mayManage: true));
        await dialogs.Find("#member-name").ChangeAsync("Anna");

        _databases.Fail();
        await dialogs.Find(".members-find").SubmitAsync();
        Assert.Contains("could not do this", dialogs.Find(".members-find .error").TextContent, StringComparison.Ordinal);
        Assert.Equal("Anna", dialogs.Find("#member-name").GetAttribute("value"));
        await dialogs.Find(".members-find").SubmitAsync();
        await dialogs.WaitForElementAsync("button[aria-label='Add Anna']");
        Assert.Empty(dialogs.FindAll(".error"));

        await dialogs.InvokeAsync(() => Services.GetRequiredService<IDialogService>().ShowAsync<RoomSettingsDialog>("Room settings", RoomSettingsDialog.CreateParameters(room)));
        await dialogs.Find("#room-name").ChangeAsync("Lobby");
        _databases.Fail();
        await dialogs.Find("#room-settings-form").SubmitAsync();
        Assert.Contains("could not do this", dialogs.Find("#room-settings-form .error").TextContent, StringComparison.Ordinal);
        Assert.Equal("Lobby", dialogs.Find("#room-name").GetAttribute("value"));
        await dialogs.Find("#room-settings-form").SubmitAsync();
        Assert.Equal("Lobby", (await Site.Rooms.FindAsync(Ada, room.Id, default))!.Name);
    }

    [Fact]
    public async Task E2_A_list_that_cannot_be_reloaded_stays_and_shows_an_error()
    {
        await CreateAsync("Mine");
        var zoe = await Site.AddPersonAsync("Zoe");
        var (one, two) = (await Site.Rooms.CreateAsync(zoe, "One", default), await Site.Rooms.CreateAsync(zoe, "Two", default));
        var nav = Render<RoomNav>();
        await nav.WaitForStateAsync(() => nav.FindAll("li").Count == 1);

        _databases.Fail();
        await Site.Rooms.JoinAsync(Ada, one.Id, default);
        await nav.WaitForElementAsync(".error");
        Assert.Contains("Mine", nav.FindAll("li bdi").Select(name => name.TextContent));
        await Site.Rooms.JoinAsync(Ada, two.Id, default);

        await nav.WaitForStateAsync(() => nav.FindAll("li bdi").Any(name => name.TextContent == "Two"));
        Assert.Empty(nav.FindAll(".error"));
    }

    /// <summary>The services of the pages use the controlled databases; those of the test do not.</summary>
    protected override void AddServices()
    {
        _databases = new ControlledDatabases(Site.Services.GetRequiredService<IDbContextFactory<ChatDbContext>>());
        _rights = ActivatorUtilities.CreateInstance<AdminRights>(Site.Services, _databases);
        var rooms = ActivatorUtilities.CreateInstance<RoomDirectory>(Site.Services, _databases, _rights);
        Services.AddSingleton(rooms);
        Services.AddSingleton(ActivatorUtilities.CreateInstance<RoomSettings>(Site.Services, _databases, rooms));
        Services.AddSingleton(ActivatorUtilities.CreateInstance<Conversation>(Site.Services, _rights));
        Services.AddSingleton(ActivatorUtilities.CreateInstance<RoomOwners>(Site.Services, _databases));
        Services.AddSingleton(ActivatorUtilities.CreateInstance<RoomMembers>(Site.Services, _databases, rooms));
    }

    private Task<RoomView> CreateAsync(string name) => Site.Rooms.CreateAsync(Ada, name, default);

    private static string? Heading(IRenderedComponent<RoomPage> page) => page.FindAll("h1 bdi").SingleOrDefault()?.TextContent;

    private async Task<IRenderedComponent<MudDialogProvider>> OpenAsync<TDialog>(DialogParameters<TDialog> parameters)
        where TDialog : ComponentBase
    {
        var provider = Render<MudDialogProvider>();
        await provider.InvokeAsync(() => Services.GetRequiredService<IDialogService>().ShowAsync<TDialog>("Dialog", parameters));
        // The members are read, so the next query is the test's.
        await provider.WaitForElementAsync("ul[aria-label=Members] li");
        return provider;
    }
}
