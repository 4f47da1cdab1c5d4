using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Rooms.Members;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Accounts.Rights;

public sealed class AdminRightsTests
{
    [Fact]
    public async Task A13_Every_service_reads_the_right_from_the_database_instead_of_the_cookie()
    {
        await using var site = await TestDatabase.CreateAsync();
        var owner = await site.AddPersonAsync("Owner");
        var room = await site.Rooms.CreateAsync(owner, "Launch", default);
        var message = await site.Conversation.SendAsync(owner, room.Id, Guid.NewGuid(), "Hello", default);
        var former = TestDatabase.SignIn((await site.AddPersonAsync("Former")).UserId, "Former", isAdmin: true);
        var admin = TestDatabase.SignIn((await site.AddPersonAsync("Admin", isAdmin: true)).UserId, "Admin", isAdmin: false);
        var members = site.Services.GetRequiredService<RoomMembers>();
        await site.Rooms.JoinAsync(former, room.Id, default);
        await site.Rooms.JoinAsync(admin, room.Id, default);
        var liveblog = await site.Lifecycle.CreateAsync(admin, "Mine", "mine", default);
        var calls = new Func<ClaimsPrincipal, Task>[]
        {
            person => site.RoomSettings.RenameAsync(person, room.Id, "Liftoff", default),
            person => members.AddAsync(person, room.Id, owner.UserId, default),
            person => site.Conversation.DeleteAsync(person, room.Id, message.Sequence, default),
            person => site.Lifecycle.CreateAsync(person, "Launch", "launch", default),
            person => site.Lifecycle.StartAsync(person, liveblog.Id, default),
            person => site.Editors.AddAsync(person, liveblog.Id, "owner@example.org", default),
            person => site.PostAsync(person, liveblog, "Hello"),
        };

        foreach (var call in calls)
            Assert.Equal(RefusalCode.Forbidden, (await Assert.ThrowsAsync<RefusedException>(() => call(former))).Code);
        Assert.Null(await site.Liveblogs.FindAsync(former, "mine", default));
        Assert.NotNull(await site.Liveblogs.FindAsync(admin, "mine", default));
        foreach (var call in calls)
            await call(admin);
    }

    [Fact]
    public async Task A13_A_cached_right_ends_with_its_event()
    {
        await using var site = await TestDatabase.CreateAsync();
        var rights = site.Services.GetRequiredService<AdminRights>();
        var ada = await site.AddPersonAsync("Ada", isAdmin: true);
        Assert.True(await rights.IsAdminAsync(ada, default));
        await using var db = await site.OpenAsync();
        await db.UserRoles.ExecuteDeleteAsync();
        // The answer is cached.
        Assert.True(await rights.IsAdminAsync(ada, default));

        await rights.PublishChangeAsync(ada.UserId);

        Assert.False(await rights.IsAdminAsync(ada, default));
    }

    [Fact]
    public async Task A13_A_right_that_ended_on_one_node_has_ended_on_the_other()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var site = await TestDatabase.CreateAsync(redis.ConnectionString);
        await using var other = await site.AddNodeAsync();
        var ada = await site.AddPersonAsync("Ada", isAdmin: true);
        var there = other.Services.GetRequiredService<AdminRights>();
        Assert.True(await there.IsAdminAsync(ada, default));
        await using var db = await site.OpenAsync();
        await db.UserRoles.ExecuteDeleteAsync();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(10));

        await site.Services.GetRequiredService<AdminRights>().PublishChangeAsync(ada.UserId);

        // Without the event, the answer would be cached for 30 s.
        while (await there.IsAdminAsync(ada, timeout.Token))
            await Task.Delay(10, timeout.Token);
    }
}
