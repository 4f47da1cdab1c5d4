using BlazorChat.Data;
using BlazorChat.Rooms;
using BlazorChat.Tests.Support;

namespace BlazorChat.Tests.Rooms;

public sealed class RoomDirectoryTests : IAsyncLifetime
{
    private TestDatabase _place = default!;

    public async ValueTask InitializeAsync() => _place = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task Two_who_create_the_same_room_at_once_make_one_and_the_other_is_told()
    {
        var ada = await _place.AddPersonAsync("Ada");
        var zoe = await _place.AddPersonAsync("Zoe");

        var attempts = Enumerable.Range(0, 10).Select(i => Task.Run(async () =>
        {
            try
            {
                await _place.Rooms.CreateAsync(i % 2 == 0 ? ada : zoe, i % 2 == 0 ? "Release" : " release ", default);
                return null;
            }
            catch (RefusedException refused)
            {
                return refused;
            }
        }));
        var refusals = await Task.WhenAll(attempts);

        Assert.Single(refusals, refusal => refusal is null);
        Assert.All(refusals.OfType<RefusedException>(), refusal => Assert.Equal(RefusalCode.Conflict, refusal.Code));
        Assert.Single(await _place.Rooms.ListVisibleAsync(ada, default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("line\nbreak")]
    [InlineData("nul\0")]
    public async Task What_is_no_name_is_refused(string name)
    {
        var ada = await _place.AddPersonAsync("Ada");

        var refused = await Assert.ThrowsAsync<RefusedException>(() => _place.Rooms.CreateAsync(ada, name, default));

        Assert.Equal(RefusalCode.Invalid, refused.Code);
    }

    [Theory]
    [InlineData("<b>bold</b>")]
    [InlineData("\u202Ertl 🎉 한국어")]
    public async Task Any_text_can_be_a_name(string name)
    {
        var ada = await _place.AddPersonAsync("Ada");

        var room = await _place.Rooms.CreateAsync(ada, name, default);

        Assert.Equal(name, (await _place.Rooms.FindAsync(ada, room.Id, default))!.Name);
    }

    [Fact]
    public async Task Joining_and_leaving_twice_is_joining_and_leaving_once()
    {
        var ada = await _place.AddPersonAsync("Ada");
        var zoe = await _place.AddPersonAsync("Zoe");
        var room = await _place.Rooms.CreateAsync(ada, "Room", default);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _place.Rooms.JoinAsync(zoe, room.Id, default))));
        Assert.Equal(2, (await _place.Rooms.FindAsync(zoe, room.Id, default))!.Members);

        await _place.Rooms.LeaveAsync(zoe, room.Id, default);
        await _place.Rooms.LeaveAsync(zoe, room.Id, default);
        Assert.False((await _place.Rooms.FindAsync(zoe, room.Id, default))!.IsMember);
        Assert.Empty(await _place.Rooms.ListJoinedAsync(zoe, default));
    }

    [Fact]
    public async Task The_owner_and_admins_rename_a_room_and_nobody_else()
    {
        var ada = await _place.AddPersonAsync("Ada");
        var zoe = await _place.AddPersonAsync("Zoe");
        var admin = await _place.AddPersonAsync("Admin", isAdmin: true);
        var room = await _place.Rooms.CreateAsync(ada, "First", default);
        await _place.Rooms.JoinAsync(zoe, room.Id, default);

        await _place.Rooms.RenameAsync(ada, room.Id, "Second", default);
        await _place.Rooms.RenameAsync(admin, room.Id, "Third", default);
        var refused = await Assert.ThrowsAsync<RefusedException>(() => _place.Rooms.RenameAsync(zoe, room.Id, "Mine", default));

        Assert.Equal(RefusalCode.Forbidden, refused.Code);
        Assert.Equal("Third", (await _place.Rooms.FindAsync(zoe, room.Id, default))!.Name);
    }
}
