using BlazorChat.Accounts.Mail;
using BlazorChat.Accounts.Preferences;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Notifications;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Notifications.Mail;
using BlazorChat.Notifications.Pages;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace BlazorChat.Tests.Notifications.Pages;

/// <summary>What the sections of the page of notifications show of the stored choices. <see cref="NotificationsPageTests"/> submits their forms.</summary>
public sealed class NotificationSectionTests : ComponentTest
{
    private readonly Queue _mails = new();

    private NotificationPreferences Preferences => Site.Services.GetRequiredService<NotificationPreferences>();

    protected override void AddServices()
    {
        Services.AddSingleton<AntiforgeryStateProvider>(new NoToken());
        Services.AddSingleton<IMailQueue>(_mails);
        var context = new DefaultHttpContext { User = Ada };
        context.Request.Method = HttpMethods.Get;
        RenderTree.Add<CascadingValue<HttpContext>>(parameters => parameters.Add(value => value.Value, context));
    }

    [Theory]
    [InlineData(RoomLevel.Nothing)]
    [InlineData(RoomLevel.Everything)]
    public async Task The_level_is_the_stored_one(RoomLevel level)
    {
        await Preferences.SetRoomLevelAsync(Ada, level, default);
        var section = Render<LevelSection>();
        await section.WaitForStateAsync(() => Selected(section, "#room-level") == $"{level}");
    }

    [Fact]
    public async Task Do_not_disturb_shows_its_end_and_a_button_that_ends_it_while_it_lasts()
    {
        var section = Render<DoNotDisturbSection>();
        Assert.Empty(section.FindAll("button[value=end]"));
        await Preferences.SetDoNotDisturbAsync(Ada, DateTime.UtcNow.AddHours(1), default);

        section = Render<DoNotDisturbSection>();
        await section.WaitForElementAsync("button[value=end]");
        Assert.Single(section.FindAll("p[role=status] time"));
    }

    [Fact]
    public async Task Quiet_hours_show_their_times_and_zone_and_a_button_that_turns_them_off()
    {
        await Preferences.SetQuietHoursAsync(Ada, new QuietHours(new TimeOnly(22, 30), new TimeOnly(7, 0)), "Asia/Seoul", default);

        var section = Render<QuietHoursSection>();

        await section.WaitForElementAsync("button[name=QuietOff]");
        Assert.Equal(["22:30", "07:00", "Asia/Seoul"], new[] { "#quiet-from", "#quiet-to", "#quiet-zone" }.Select(input => section.Find(input).GetAttribute("value")));
    }

    [Fact]
    public async Task The_sound_is_on_by_default() => await Render<SoundSection>().WaitForElementAsync("[name=PlaysSound][checked]");

    [Fact]
    public async Task Mail_is_offered_when_the_server_sends_any()
    {
        var section = Render<MailSection>();
        Assert.Contains("This server sends no email.", section.Markup, StringComparison.Ordinal);
        Assert.Empty(section.FindAll("select"));
        _mails.IsOn = true;
        await Preferences.SetMailAfterAsync(Ada, 60, default);

        section = Render<MailSection>();
        await section.WaitForStateAsync(() => Selected(section, "#mail-after") == "60");
    }

    [Fact]
    public void The_section_of_this_browser_shows_nothing_before_its_script_runs() =>
        Assert.True(Render<BrowserSection>().Find("[data-browser-notifications]").HasAttribute("hidden"));

    private static string? Selected(IRenderedComponent<IComponent> section, string selector) =>
        section.FindAll($"{selector} option[selected]").SingleOrDefault()?.GetAttribute("value");

    /// <summary>The queue of a deployment whose mail can be turned on.</summary>
    private sealed class Queue : IMailQueue
    {
        public bool IsOn { get; set; }

        public string LinkTo(string path) => throw new InvalidOperationException();

        public void Add(ChatDbContext db, MailKind kind, string to, MailContent? content) => throw new InvalidOperationException();

        public void Notify()
        {
        }
    }

    private sealed class NoToken : AntiforgeryStateProvider
    {
        public override AntiforgeryRequestToken? GetAntiforgeryToken() => null;
    }
}
