using BlazorChat.Accounts.Preferences;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Statuses;
using BlazorChat.Common.Localization;
using BlazorChat.Rooms.Pages.Dialogs;
using BlazorChat.Rooms.Pages.Profile;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using MudBlazor;

namespace BlazorChat.Tests.Rooms.Pages.Profile;

public sealed class PeopleComponentTests : ComponentTest
{
    private PeopleStatus Statuses => Services.GetRequiredService<PeopleStatus>();

    private NotificationPreferences Preferences => Services.GetRequiredService<NotificationPreferences>();

    [Fact]
    public async Task The_reader_sets_and_clears_their_status_at_their_name()
    {
        Services.GetRequiredService<ReaderTimeZone>().Id = "Asia/Seoul";
        var dialogs = Render<MudDialogProvider>();
        var own = Render<OwnStatus>();
        await own.WaitForStateAsync(() => Label(own) == "Set a status");
        await WaitUntilAsync(async () => (await Preferences.GetAsync(Ada, default)).TimeZone == "Asia/Seoul");

        await own.Find("button").ClickAsync();
        await Button(dialogs, "🍴 At lunch").ClickAsync();
        await dialogs.Find("#status-quiet").ChangeAsync("HalfHour");
        await dialogs.Find("#status-form").SubmitAsync();
        await own.WaitForStateAsync(() => Label(own) == "Your status: 🍴 At lunch. Do not disturb");
        var status = await Statuses.FindAsync(Ada, default);
        Assert.InRange(status!.Until!.Value - DateTime.UtcNow, TimeSpan.FromMinutes(50), TimeSpan.FromHours(1));

        await own.Find("button").ClickAsync();
        await dialogs.Find("#status-text").ChangeAsync("Back soon");
        await dialogs.Find("#status-form").SubmitAsync();
        await own.WaitForStateAsync(() => Label(own).Contains("Back soon", StringComparison.Ordinal));
        // Its end stays as it was.
        Assert.Equal(status.Until, (await Statuses.FindAsync(Ada, default))!.Until);

        await own.Find("button").ClickAsync();
        await Button(dialogs, "Clear status").ClickAsync();
        await own.WaitForStateAsync(() => Label(own) == "Set a status. Do not disturb");
    }

    [Fact]
    public async Task A_status_that_is_refused_stays_in_the_dialog_with_the_reason()
    {
        var dialogs = Render<MudDialogProvider>();
        var own = Render<OwnStatus>();
        await own.Find("button").ClickAsync();
        await dialogs.Find("#status-emoji").ChangeAsync("abc");
        await dialogs.Find("#status-form").SubmitAsync();

        await dialogs.WaitForStateAsync(() => dialogs.Markup.Contains("Enter one emoji", StringComparison.Ordinal));
        Assert.Equal("abc", dialogs.Find("#status-emoji").GetAttribute("value"));
    }

    [Fact]
    public async Task A_profile_shows_the_person_and_opens_their_messages()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        await Site.Rooms.CreateAsync(zoe, "Open", default);
        await Statuses.SetAsync(zoe, "🌴", "On holiday", null, default);
        await Preferences.SetTimeZoneAsync(zoe, "Asia/Seoul", default);
        using var connection = Site.Presence.Open(zoe);
        var dialogs = await OpenAsync(zoe.UserId);

        Assert.Equal("Zoe", dialogs.Find(".profile h2").TextContent);
        Assert.Contains("@zoe", dialogs.Find(".profile-hint").TextContent, StringComparison.Ordinal);
        Assert.Equal("Online", dialogs.Find(".profile-presence").TextContent.Trim());
        Assert.Equal("🌴 On holiday", dialogs.Find(".profile-status").TextContent);
        Assert.Equal("Asia/Seoul", dialogs.Find(".profile time").GetAttribute("data-zone"));
        await Button(dialogs, "Message").ClickAsync();
        var roomId = (await Site.DirectRooms.FindAsync(Ada, [zoe.UserId], default))!.Value;
        Assert.EndsWith($"/rooms/{roomId}", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_of_members_shows_status_and_do_not_disturb_with_their_names()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        var room = await Site.Rooms.CreateAsync(zoe, "Open", default);
        await Statuses.SetAsync(zoe, "🌴", "On holiday", null, default);
        await Preferences.SetDoNotDisturbAsync(zoe, DateTime.UtcNow.AddHours(1), default);
        var dialogs = Render<MudDialogProvider>();
        var service = Services.GetRequiredService<IDialogService>();
        await dialogs.InvokeAsync(() => service.ShowAsync<MembersDialog>("Members", MembersDialog.CreateParameters(room, mayManage: false)));

        await dialogs.WaitForStateAsync(() => dialogs.FindAll(".members-open").Count == 1);
        Assert.Equal(
            ["On holiday", "Do not disturb"], dialogs.FindAll(".members-name [role=img]").Select(mark => mark.GetAttribute("aria-label")));
    }

    [Fact]
    public async Task The_profile_of_a_banned_account_has_no_command()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        var zoeId = zoe.UserId;
        await using (var db = await Site.OpenAsync())
            await db.Users.Where(user => user.Id == zoeId).ExecuteUpdateAsync(user => user.SetProperty(u => u.BannedAt, DateTime.UnixEpoch));
        var dialogs = await OpenAsync(zoe.UserId);

        Assert.Contains("This account is banned.", dialogs.Find(".profile").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(dialogs.FindAll("button"), button => button.TextContent == "Message");
    }

    private async Task<IRenderedComponent<MudDialogProvider>> OpenAsync(int personId)
    {
        var dialogs = Render<MudDialogProvider>();
        var service = Services.GetRequiredService<IDialogService>();
        await dialogs.InvokeAsync(() => service.ShowAsync<ProfileDialog>("Profile", ProfileDialog.CreateParameters(personId)));
        await dialogs.WaitForStateAsync(() => dialogs.FindAll(".profile h2").Count == 1);
        return dialogs;
    }

    private static string Label(IRenderedComponent<OwnStatus> own) => own.Find("button").GetAttribute("aria-label")!;

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<MudDialogProvider> dialogs, string text) =>
        dialogs.FindAll("button").Single(button => button.TextContent == text);

    private static async Task WaitUntilAsync(Func<Task<bool>> condition)
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        while (!await condition())
            await Task.Delay(20, timeout.Token);
    }
}
