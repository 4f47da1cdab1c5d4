using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Pages;
using Bunit;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace BlazorChat.Tests.Rooms.Pages;

/// <summary>The rooms without an owner, and the dialog that gives them one.</summary>
public sealed class OwnerlessRoomsPageTests : ComponentTest
{
    [Fact]
    public async Task An_admin_chooses_a_member_and_the_room_leaves_the_list()
    {
        await MakeAdminAsync();
        var zoe = await Site.AddPersonAsync("Zoe");
        var room = await AddOwnerlessAsync("Secret", zoe);
        var dialogs = Render<MudDialogProvider>();
        var page = Render<OwnerlessRoomsPage>();
        Assert.Contains("1 member", (await page.WaitForElementAsync("li")).TextContent, StringComparison.Ordinal);

        var choosing = page.Find("button[aria-label='Choose an owner for Secret']").ClickAsync();
        var choice = await dialogs.WaitForElementAsync(".person-picker input[type=radio]");
        Assert.True(Button(dialogs, "Make owner").HasAttribute("disabled"));
        await choice.ChangeAsync(new ChangeEventArgs { Value = true });
        await Button(dialogs, "Make owner").ClickAsync();
        await choosing;

        await page.WaitForStateAsync(() => page.FindAll("li").Count == 0);
        Assert.Contains("Every room has an owner.", page.Markup, StringComparison.Ordinal);
        Assert.Equal(MembershipRole.Owner, (await Site.Rooms.FindAsync(zoe, room.Id, default))!.Role);
    }

    [Fact]
    public async Task A_room_that_got_an_owner_meanwhile_is_refused_in_the_dialog()
    {
        await MakeAdminAsync();
        var (zoe, max) = (await Site.AddPersonAsync("Zoe"), await Site.AddPersonAsync("Max"));
        var room = await AddOwnerlessAsync("Secret", zoe, max);
        var dialogs = Render<MudDialogProvider>();
        var page = Render<OwnerlessRoomsPage>();
        await page.WaitForElementAsync("li");

        _ = page.Find("button[aria-label='Choose an owner for Secret']").ClickAsync();
        await dialogs.WaitForElementAsync(".person-picker input[type=radio]");
        await Site.Owners.AssignAsync(Ada, room.Id, max.UserId, default);
        await Button(dialogs, "Become owner").ClickAsync();

        await dialogs.WaitForElementAsync(".error:not(:empty)");
        Assert.Null(await Site.Rooms.FindAsync(Ada, room.Id, default));
    }

    [Fact]
    public async Task The_list_has_pages()
    {
        await MakeAdminAsync();
        for (var i = 0; i < RoomOwners.PageSize + 5; i++)
            await AddOwnerlessAsync($"Room {i:00}");
        var page = Render<OwnerlessRoomsPage>();
        await page.WaitForStateAsync(() => page.FindAll("li").Count == RoomOwners.PageSize);

        await Button(page, "Show more").ClickAsync();

        await page.WaitForStateAsync(() => page.FindAll("li").Count == RoomOwners.PageSize + 5);
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent == "Show more");
    }

    [Fact]
    public async Task Who_is_no_longer_an_admin_sees_a_refusal_and_no_room()
    {
        await AddOwnerlessAsync("Secret");

        var page = Render<OwnerlessRoomsPage>();

        await page.WaitForElementAsync(".error:not(:empty)");
        Assert.DoesNotContain("Secret", page.Markup, StringComparison.Ordinal);
    }

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<IComponent> page, string text) =>
        page.FindAll("button").Single(button => button.TextContent == text);

    private async Task<Room> AddOwnerlessAsync(string name, params ClaimsPrincipal[] members)
    {
        var room = new Room { Name = name, NormalizedName = Room.Normalize(name), Kind = RoomKind.Private };
        await using var db = await Site.OpenAsync();
        db.Add(room);
        db.AddRange(members.Select(member => new Membership { Room = room, UserId = member.UserId }));
        await db.SaveChangesAsync();
        return room;
    }
}
