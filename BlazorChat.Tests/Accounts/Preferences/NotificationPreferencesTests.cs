using BlazorChat.Accounts.Preferences;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Tests.Accounts.Preferences;

/// <summary>How people want to be notified, in a real database.</summary>
public sealed class NotificationPreferencesTests
{
    [Fact]
    public async Task A_person_who_chose_nothing_has_the_defaults_and_each_choice_leaves_the_others()
    {
        await using var node = await TestDatabase.CreateAsync();
        var (ada, zoe) = (await node.AddPersonAsync("Ada"), await node.AddPersonAsync("Zoe"));
        var preferences = Create(node);
        var until = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1);
        var hours = new QuietHours(new TimeOnly(22, 15), new TimeOnly(7, 0));

        await preferences.SetRoomLevelAsync(ada, RoomLevel.Everything, default);
        await preferences.SetDoNotDisturbAsync(ada, until, default);
        await preferences.SetQuietHoursAsync(ada, hours, "Europe/Berlin", default);
        await preferences.SetTimeZoneAsync(ada, "Asia/Seoul", default);
        await preferences.SetSoundAsync(ada, false, default);
        var last = await preferences.SetMailAfterAsync(ada, 30, default);

        Assert.Equal(new NotificationChoices(RoomLevel.Everything, until, hours, "Asia/Seoul", false, 30, 6) { QuietTimeZone = "Europe/Berlin" }, last);
        Assert.Equal(last, await preferences.GetAsync(ada, default));
        Assert.Equal(NotificationChoices.Default, await preferences.GetAsync(zoe, default));
        Assert.Null((await preferences.SetDoNotDisturbAsync(ada, null, default)).DoNotDisturbUntil);
        Assert.Null((await preferences.SetQuietHoursAsync(ada, null, "Europe/Berlin", default)).QuietHours);
    }

    [Fact]
    public async Task Simultaneous_choices_of_a_person_are_all_stored()
    {
        await using var node = await TestDatabase.CreateAsync();
        var ada = await node.AddPersonAsync("Ada");
        var preferences = Create(node);

        await Task.WhenAll(
            Task.Run(() => preferences.SetSoundAsync(ada, false, default)),
            Task.Run(() => preferences.SetMailAfterAsync(ada, 60, default)),
            Task.Run(() => preferences.SetRoomLevelAsync(ada, RoomLevel.Nothing, default)));

        Assert.Equal(new NotificationChoices(RoomLevel.Nothing, null, null, null, false, 60, 3), await preferences.GetAsync(ada, default));
    }

    [Fact]
    public async Task What_cannot_be_is_refused_and_changes_nothing()
    {
        await using var node = await TestDatabase.CreateAsync();
        var ada = await node.AddPersonAsync("Ada");
        var preferences = Create(node);
        var noon = new TimeOnly(12, 0);

        string[] reasons =
        [
            await RefuseAsync(() => preferences.SetDoNotDisturbAsync(ada, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(32), default)),
            await RefuseAsync(() => preferences.SetQuietHoursAsync(ada, new QuietHours(noon, noon.Add(TimeSpan.FromSeconds(30))), "UTC", default)),
            await RefuseAsync(() => preferences.SetTimeZoneAsync(ada, "Europe/Atlantis", default)),
            await RefuseAsync(() => preferences.SetQuietHoursAsync(ada, new QuietHours(noon, noon.AddHours(1)), "Europe/Atlantis", default)),
            await RefuseAsync(() => preferences.SetMailAfterAsync(ada, 0, default)),
        ];

        Assert.Equal(
            [
                "Choose a time within the next 31 days.",
                "Quiet hours need a beginning and a different end.",
                "This time zone is unknown.",
                "This time zone is unknown.",
                "Choose 1 to 1,440 minutes.",
            ],
            reasons);
        Assert.Equal(NotificationChoices.Default, await preferences.GetAsync(ada, default));
    }

    private static NotificationPreferences Create(TestDatabase node) => node.Notifications;

    private static async Task<string> RefuseAsync(Func<Task> change) => (await Assert.ThrowsAsync<RefusedException>(change)).Message;
}
