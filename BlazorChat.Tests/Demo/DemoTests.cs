using System.Net;
using BlazorChat.Accounts.Mail;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Layer.InMemory;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Liveblogs;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Demo.Team;
using BlazorChat.Notifications.Push;
using BlazorChat.Rooms.Links;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlazorChat.Tests.Demo;

public sealed class DemoTests(DemoSite site) : IClassFixture<DemoSite>
{
    [Fact]
    public async Task A_demo_has_a_team_with_everything_that_a_site_can_have()
    {
        await using var scope = site.Node.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ChatDbContext>();
        await WaitForPicturesAsync(db);
        var texts = await db.Messages.Select(message => message.Markdown).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(DemoTeam.All.Count, await db.Users.CountAsync(user => user.AvatarId != null, TestContext.Current.CancellationToken));
        Assert.Single(db.Admins);
        Assert.InRange(texts.Count, 70, 500);
        Assert.Contains(texts, text => text.Any(letter => letter is >= '가' and <= '힣'));
        Assert.DoesNotContain(texts, text => text.Contains("{@", StringComparison.Ordinal) || text.Contains("{#", StringComparison.Ordinal));
        Assert.Equal(3, await db.Rooms.CountAsync(room => room.Kind == RoomKind.Direct, TestContext.Current.CancellationToken));
        Assert.True(await db.Rooms.AnyAsync(room => room.Kind == RoomKind.Private, TestContext.Current.CancellationToken));
        Assert.True(await db.Messages.AnyAsync(message => message.ThreadRoot != null, TestContext.Current.CancellationToken));
        Assert.True(await db.Messages.AnyAsync(message => message.PollState != null, TestContext.Current.CancellationToken));
        Assert.True(await db.Pins.AnyAsync(TestContext.Current.CancellationToken));
        Assert.True(await db.CustomEmoji.AnyAsync(TestContext.Current.CancellationToken));
        var liveblog = await db.Liveblogs.SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(LiveblogState.Live, liveblog.State);
        Assert.True(await db.LiveblogPosts.AnyAsync(post => post.IsKeyEvent, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Its_times_are_those_of_the_last_days()
    {
        await using var scope = site.Node.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ChatDbContext>();
        var times = await db.Messages.OrderBy(message => message.Id).Select(message => message.SentAt).ToListAsync(TestContext.Current.CancellationToken);
        var now = scope.ServiceProvider.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;

        Assert.Equal(times.Order(), times);
        Assert.InRange(times[0], now.AddDays(-12), now.AddDays(-7));
        Assert.InRange(times[^1], now.AddMinutes(-60), now);
        Assert.InRange(now, DateTime.UtcNow.AddMinutes(-1), DateTime.UtcNow.AddMinutes(1));
    }

    [Fact]
    public async Task Nothing_of_it_reaches_another_system()
    {
        var services = site.Node.Services;

        Assert.IsType<InMemoryBackplane>(services.GetRequiredService<IBackplane>());
        Assert.False(services.GetRequiredService<IMailQueue>().IsOn);
        Assert.False(services.GetRequiredService<IOptions<LinkPreviewOptions>>().Value.Enabled);
        var pushed = await services.GetRequiredService<IPushSender>().SendAsync(
            new PushTarget(new Uri("https://push.invalid"), [], []), new PushMessage(default, "topic", TimeSpan.Zero, false), TestContext.Current.CancellationToken);
        Assert.Equal(PushOutcome.Refused, pushed.Outcome);
        Assert.Contains("ConnectionStrings:SqlServer, ConnectionStrings:Redis, Mail:Host, Shell:PublicUrl", site.Node.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("smtp.invalid", site.Node.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_visitor_enters_as_one_of_two_people_in_their_languages()
    {
        using var sam = await site.EnterAsync("sam");
        using var jimin = await site.EnterAsync("jimin");

        Assert.Equal("en", (await sam.GetPageAsync("rooms/1")).DocumentElement.GetAttribute("lang"));
        Assert.Equal("ko", (await jimin.GetPageAsync("rooms/1")).DocumentElement.GetAttribute("lang"));
        Assert.Equal(HttpStatusCode.OK, (await sam.GetAsync("admin/people")).StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, (await jimin.GetAsync("admin/people")).StatusCode);
    }

    [Theory]
    [InlineData("nora")]
    [InlineData("")]
    public async Task Nobody_enters_as_another_person(string key)
    {
        using var visitor = await site.EnterAsync(key);

        Assert.False(await visitor.IsSignedInAsync());
    }

    [Fact]
    public async Task Another_page_cannot_enter_for_its_visitor()
    {
        using var visitor = new FormClient(site.Node.Address);
        using var form = new FormUrlEncodedContent([new("person", "sam")]);

        using var answer = await visitor.PostAsync("demo/enter", form);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(await visitor.IsSignedInAsync());
    }

    private static async Task WaitForPicturesAsync(ChatDbContext db)
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        while (await db.Users.AnyAsync(user => user.AvatarId == null, timeout.Token))
            await Task.Yield();
    }
}
