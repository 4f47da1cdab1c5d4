using BlazorChat.Accounts;
using BlazorChat.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorChat.Tests.Accounts;

public sealed class AdminRightsTests
{
    [Fact]
    public async Task A13_A_cached_right_ends_with_its_event()
    {
        await using var place = await TestDatabase.CreateAsync();
        var rights = place.Services.GetRequiredService<AdminRights>();
        var ada = await place.AddPersonAsync("Ada", isAdmin: true);
        Assert.True(await rights.IsAdminAsync(ada, default));
        await using var db = await place.OpenAsync();
        await db.UserRoles.ExecuteDeleteAsync();
        // Not read again: pages ask often.
        Assert.True(await rights.IsAdminAsync(ada, default));

        await rights.PublishChangeAsync(ada.UserId, default);

        Assert.False(await rights.IsAdminAsync(ada, default));
    }

    [Fact]
    public async Task A13_A_right_that_ended_on_one_node_has_ended_on_the_other()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var place = await TestDatabase.CreateAsync(redis.ConnectionString);
        await using var other = await place.AddNodeAsync();
        var ada = await place.AddPersonAsync("Ada", isAdmin: true);
        var there = other.Services.GetRequiredService<AdminRights>();
        Assert.True(await there.IsAdminAsync(ada, default));
        await using var db = await place.OpenAsync();
        await db.UserRoles.ExecuteDeleteAsync();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(10));

        await place.Services.GetRequiredService<AdminRights>().PublishChangeAsync(ada.UserId, default);

        // Well within the half minute for which an answer is cached.
        while (await there.IsAdminAsync(ada, timeout.Token))
            await Task.Delay(10, timeout.Token);
    }
}
