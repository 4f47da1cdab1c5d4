using BlazorChat.Accounts.Rights;
using BlazorChat.Admin.HealthChecks;
using BlazorChat.Channels;
using BlazorChat.Channels.Layer.Redis;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Notifications.Mail;
using BlazorChat.Rooms.Reports;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace BlazorChat.Tests.Admin.HealthChecks;

public sealed class SiteHealthTests
{
    [Fact]
    public async Task A_new_site_is_well_and_only_admins_read_so()
    {
        await using var site = await TestDatabase.CreateAsync();
        var admin = await site.AddPersonAsync("Ada", isAdmin: true);
        var health = Create(site);

        var items = await health.CheckAsync(admin, default);

        Assert.DoesNotContain(items, item => item.State == HealthState.Bad);
        Assert.Equal(["Mail"], items.Where(item => item.State == HealthState.Notice).Select(item => $"{item.Name}"));
        Assert.Equal(8, items.Count);
        var zoe = await site.AddPersonAsync("Zoe");
        Assert.Equal(RefusalCode.Forbidden, (await Assert.ThrowsAsync<RefusedException>(() => health.CheckAsync(zoe, default))).Code);
    }

    [Fact]
    public async Task What_is_wrong_comes_first_with_what_to_do()
    {
        // No disk has as much space.
        await using var site = await TestDatabase.CreateAsync(settings: [$"Attachments:MinFreeSpace={long.MaxValue}"]);
        var admin = await site.AddPersonAsync("Ada", isAdmin: true);
        var zoe = await site.AddPersonAsync("Zoe");
        var room = await site.Rooms.CreateAsync(zoe, "Room", RoomKind.Private, default);
        await site.Services.GetRequiredService<BlazorChat.Rooms.Members.RoomMembers>().AddAsync(zoe, room.Id, admin.UserId, default);
        await site.Conversation.SendAsync(zoe, room.Id, Guid.NewGuid(), "one", default);
        await site.Services.GetRequiredService<MessageReports>().ReportAsync(admin, room.Id, 1, ReportReason.Spam, "", default);
        var zoeId = zoe.UserId;
        await using (var db = await site.OpenAsync())
            await db.Memberships.Where(membership => membership.UserId == zoeId && membership.RoomId == room.Id).ExecuteDeleteAsync();

        var items = await Create(site).CheckAsync(admin, default);

        Assert.Equal(("Disk", HealthState.Bad), ($"{items[0].Name}", items[0].State));
        Assert.Contains(items, item => item is { State: HealthState.Notice, Address: "admin/reports" } && $"{item.Finding}" == "1 reported message waits for a decision.");
        Assert.Contains(items, item => item is { State: HealthState.Notice, Address: "rooms/without-owner" });
    }

    [Fact]
    public async Task A_right_that_Redis_refuses_has_the_command_that_grants_it()
    {
        await using var site = await TestDatabase.CreateAsync();
        var admin = await site.AddPersonAsync("Ada", isAdmin: true);
        var redis = new RedisStatus(new RedisAddress("localhost,user=chat"), Options.Create(new ChannelOptions()), NullLogger<RedisStatus>.Instance);
        redis.Failed(RedisUse.Events, Refusal("NOPERM this user has no permissions to access the 'x' channel"));
        redis.Failed(RedisUse.Jobs, Refusal("OOM command not allowed when used memory > 'maxmemory'."));

        var items = await Create(site, redis).CheckAsync(admin, default);

        Assert.Equal(["Events between nodes", "Queue of jobs"], items.TakeWhile(item => item.State == HealthState.Bad).Select(item => $"{item.Name}"));
        Assert.StartsWith("ACL SETUSER chat ", items[0].Command, StringComparison.Ordinal);
        Assert.Null(items[1].Command);
        Assert.Contains("maxmemory", $"{items[1].Advice}", StringComparison.Ordinal);
    }

    /// <summary>The health of a site that sends no mail.</summary>
    internal static SiteHealth Create(TestDatabase site, params object[] parts)
    {
        var mail = new MailOutbox(Options.Create(new MailOptions()), new ConfigurationBuilder().Build(), TimeProvider.System);
        return ActivatorUtilities.CreateInstance<SiteHealth>(site.Services, [mail, .. parts]);
    }

    private static RedisServerException Refusal(string message) => new(RedisErrorKind.None, CommandFlags.None, message);
}
