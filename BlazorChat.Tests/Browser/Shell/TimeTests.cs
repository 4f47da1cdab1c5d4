using System.Text.RegularExpressions;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Tests.Browser.Liveblogs;
using Microsoft.EntityFrameworkCore;
using static Microsoft.Playwright.Assertions;

namespace BlazorChat.Tests.Browser.Shell;

/// <summary>Dates and times as a reader's browser writes them.</summary>
public sealed class TimeTests(BrowserFixture browser, LiveblogSite site) : IClassFixture<LiveblogSite>
{
    [Theory]
    [InlineData("en-US", "America/New_York", "10:05 PM", "Friday, January 2, 2026", "Jan 2, 10:05 PM")]
    [InlineData("ko-KR", "Asia/Seoul", "오후 12:05", "2026년 1월 3일 토요일", "1월 3일 오후 12:05")]
    // The words are those of the page, and the clock that of the browser.
    [InlineData("de-DE", "Europe/Berlin", "04:05", "Saturday, January 3, 2026", "Jan 3, 04:05")]
    public async Task E5_E6_The_first_page_has_times_in_the_readers_language_and_zone_in_rooms_and_liveblogs(
        string locale, string zone, string clock, string day, string shortTime)
    {
        var sent = new DateTime(2026, 1, 3, 3, 5, 0, DateTimeKind.Utc);
        var slug = $"times-{locale.ToLowerInvariant()}";
        var liveblog = await site.StartLiveblogAsync(slug, "Times");
        var post = await site.PostAsync(liveblog, "text");
        var room = await site.Database.Rooms.CreateAsync(site.Admin, $"Times {locale}", RoomKind.Open, default);
        await site.Database.Conversation.SendAsync(site.Admin, room.Id, Guid.NewGuid(), "hello", default);
        await using (var db = await site.Database.OpenAsync())
        {
            await db.LiveblogPosts.Where(p => p.Id == post.Id).ExecuteUpdateAsync(p => p.SetProperty(x => x.PublishedAt, sent));
            await db.Messages.Where(m => m.RoomId == room.Id).ExecuteUpdateAsync(m => m.SetProperty(x => x.SentAt, sent));
        }

        // No earlier page has sent the zone to the server.
        await using var reader = await site.SignInAsync(browser, "Ada", locale: locale, zone: zone);
        await reader.Page.GotoAsync($"rooms/{room.Id}");
        await Expect(reader.Message(1).Locator("time.message-time")).ToHaveTextAsync(Spaces(clock));
        await reader.ReadyToWriteAsync();
        await Expect(reader.Message(1).Locator("time.message-time")).ToHaveTextAsync(Spaces(clock));
        await Expect(reader.Page.Locator(".messages-day time")).ToHaveTextAsync(Spaces(day));
        await reader.ReadLiveblogAsync(slug);

        await Expect(reader.Posts.First.Locator("time").First).ToHaveTextAsync(Spaces(shortTime));
    }

    [Theory]
    [InlineData("en-US", "Today", "Yesterday")]
    [InlineData("ko-KR", "오늘", "어제")]
    public async Task E6_The_days_before_tomorrow_have_names(string locale, string today, string yesterday)
    {
        var room = await site.Database.Rooms.CreateAsync(site.Admin, $"Days {locale}", RoomKind.Open, default);
        await site.Database.Conversation.SendAsync(site.Admin, room.Id, Guid.NewGuid(), "one", default);
        await site.Database.Conversation.SendAsync(site.Admin, room.Id, Guid.NewGuid(), "two", default);
        // The first moment of today in the zone of the browser.
        var start = TimeZoneInfo.ConvertTimeToUtc(TimeZoneInfo.ConvertTimeFromUtc(DateTime.UtcNow, BrowserFixture.Zone).Date, BrowserFixture.Zone);
        await using (var db = await site.Database.OpenAsync())
        {
            await db.Messages.Where(m => m.RoomId == room.Id && m.Sequence == 1).ExecuteUpdateAsync(m => m.SetProperty(x => x.SentAt, start.AddHours(-12)));
            await db.Messages.Where(m => m.RoomId == room.Id && m.Sequence == 2).ExecuteUpdateAsync(m => m.SetProperty(x => x.SentAt, start));
        }

        await using var reader = await site.SignInAsync(browser, "Ada", locale: locale);
        await reader.OpenRoomAsync(room.Id);

        await Expect(reader.Page.Locator(".messages-day time")).ToHaveTextAsync([yesterday, today]);
    }

    /// <summary>Browsers differ in which space they write.</summary>
    private static Regex Spaces(string text) => new($"^{Regex.Escape(text).Replace("\\ ", @"\s", StringComparison.Ordinal)}$");
}
