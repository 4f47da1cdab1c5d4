using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;

namespace BlazorChat.Tests.Rooms.Directory;

public sealed class RoomDirectoryTests : IAsyncLifetime
{
    private TestDatabase _site = default!;

    public async ValueTask InitializeAsync() => _site = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Of_two_simultaneous_creations_with_one_name_one_is_refused()
    {
        var ada = await _site.AddPersonAsync("Ada");
        var zoe = await _site.AddPersonAsync("Zoe");

        var attempts = Enumerable.Range(0, 10).Select(i => Task.Run(async () =>
        {
            try
            {
                await _site.Rooms.CreateAsync(i % 2 == 0 ? ada : zoe, i % 2 == 0 ? "Release" : " release ", default);
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
        Assert.Single(await _site.Rooms.ListVisibleAsync(ada, default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("line\nbreak")]
    [InlineData("nul\0")]
    public async Task An_invalid_name_is_refused(string name)
    {
        var ada = await _site.AddPersonAsync("Ada");

        var refused = await Assert.ThrowsAsync<RefusedException>(() => _site.Rooms.CreateAsync(ada, name, default));

        Assert.Equal(RefusalCode.Invalid, refused.Code);
    }

    [Theory]
    [InlineData("<b>bold</b>")]
    [InlineData("rtl 🎉 한국어")]
    public async Task Any_text_can_be_a_name(string name)
    {
        var ada = await _site.AddPersonAsync("Ada");

        var room = await _site.Rooms.CreateAsync(ada, name, default);

        Assert.Equal(name, (await _site.Rooms.FindAsync(ada, room.Id, default))!.Name);
    }

    [Fact]
    public async Task A_second_join_or_leave_changes_nothing()
    {
        var ada = await _site.AddPersonAsync("Ada");
        var zoe = await _site.AddPersonAsync("Zoe");
        var room = await _site.Rooms.CreateAsync(ada, "Room", default);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _site.Rooms.JoinAsync(zoe, room.Id, default))));
        Assert.Equal(2, Assert.Single(await _site.Rooms.ListVisibleAsync(zoe, default)).Members);
        Assert.Null((await _site.Rooms.FindAsync(zoe, room.Id, default))!.Members);

        await _site.Owners.LeaveAsync(zoe, room.Id, null, default);
        await _site.Owners.LeaveAsync(zoe, room.Id, null, default);
        Assert.False((await _site.Rooms.FindAsync(zoe, room.Id, default))!.IsMember);
        Assert.Empty(await _site.Rooms.ListJoinedAsync(zoe, default));
    }

    [Fact]
    public async Task Only_the_owner_and_admins_rename_a_room()
    {
        var ada = await _site.AddPersonAsync("Ada");
        var zoe = await _site.AddPersonAsync("Zoe");
        var admin = await _site.AddPersonAsync("Admin", isAdmin: true);
        var room = await _site.Rooms.CreateAsync(ada, "First", default);
        await _site.Rooms.JoinAsync(zoe, room.Id, default);

        await _site.RoomSettings.RenameAsync(ada, room.Id, "Second", default);
        await _site.RoomSettings.RenameAsync(admin, room.Id, "Third", default);
        var refused = await Assert.ThrowsAsync<RefusedException>(() => _site.RoomSettings.RenameAsync(zoe, room.Id, "Mine", default));

        Assert.Equal(RefusalCode.Forbidden, refused.Code);
        Assert.Equal("Third", (await _site.Rooms.FindAsync(zoe, room.Id, default))!.Name);
    }

    [Theory]
    [InlineData(RoomKind.Open)]
    [InlineData(RoomKind.Private)]
    public async Task B1_The_name_of_a_private_room_remains_available(RoomKind kind)
    {
        var ada = await _site.AddPersonAsync("Ada");
        var zoe = await _site.AddPersonAsync("Zoe");
        await _site.Rooms.CreateAsync(ada, "Secret", RoomKind.Private, default);

        var created = await _site.Rooms.CreateAsync(zoe, "Secret", kind, default);
        var renamed = await _site.Rooms.CreateAsync(zoe, "Other", kind, default);

        Assert.Equal("Secret", (await _site.Rooms.FindAsync(zoe, created.Id, default))!.Name);
        if (kind == RoomKind.Private)
            await _site.RoomSettings.RenameAsync(zoe, renamed.Id, "Secret", default);
    }

    [Theory]
    [InlineData("release")]
    [InlineData("Rеlеase")]
    [InlineData("Ｒelease")]
    [InlineData("Re\u200Blease")]
    public async Task G18_Names_of_open_rooms_do_not_look_the_same(string name)
    {
        var ada = await _site.AddPersonAsync("Ada");
        await _site.Rooms.CreateAsync(ada, "Release", default);
        var other = await _site.Rooms.CreateAsync(ada, "Other", default);

        var created = await Assert.ThrowsAsync<RefusedException>(() => _site.Rooms.CreateAsync(ada, name, default));
        var renamed = await Assert.ThrowsAsync<RefusedException>(() => _site.RoomSettings.RenameAsync(ada, other.Id, name, default));

        Assert.Equal((RefusalCode.Conflict, RefusalCode.Conflict), (created.Code, renamed.Code));
        Assert.Equal("Other", (await _site.Rooms.FindAsync(ada, other.Id, default))!.Name);
    }

    [Fact]
    public async Task B15_A_name_is_stored_composed_and_without_bidi_controls()
    {
        var ada = await _site.AddPersonAsync("Ada");

        var room = await _site.Rooms.CreateAsync(ada, "\u202EA\u030Asa", default);

        Assert.Equal("Åsa", (await _site.Rooms.FindAsync(ada, room.Id, default))!.Name);
    }

    [Fact]
    public async Task B5_Every_room_is_on_a_page_of_the_list_and_found_by_part_of_its_name()
    {
        var ada = await _site.AddPersonAsync("Ada");
        await AddRoomsAsync(120);
        await _site.Rooms.CreateAsync(ada, "Ärzte im Übergang", default);

        var names = new List<string>();
        IReadOnlyList<RoomView> page = [];
        do
        {
            page = await _site.Rooms.ListVisibleAsync(ada, "", page is [.., var last] ? last : null, default);
            names.AddRange(page.Select(room => room.Name));
        }
        while (page.Count == RoomDirectory.PageSize);

        Assert.Equal(121, names.Count);
        Assert.Equal(121, names.Distinct().Count());
        Assert.Equal(names.Select(Room.Normalize).Order(StringComparer.Ordinal), names.Select(Room.Normalize));
        Assert.Equal(["Ärzte im Übergang"], (await _site.Rooms.ListVisibleAsync(ada, "UBER", null, default)).Select(room => room.Name));
        Assert.Equal(["Room 007"], (await _site.Rooms.ListVisibleAsync(ada, "m 007", null, default)).Select(room => room.Name));
        Assert.Empty(await _site.Rooms.ListVisibleAsync(ada, "100%", null, default));
    }

    [Fact]
    public async Task B5_A_search_finds_no_private_room_of_others()
    {
        var ada = await _site.AddPersonAsync("Ada");
        var zoe = await _site.AddPersonAsync("Zoe");
        await _site.Rooms.CreateAsync(ada, "Secret", RoomKind.Private, default);

        Assert.Empty(await _site.Rooms.ListVisibleAsync(zoe, "sec", null, default));
        Assert.Single(await _site.Rooms.ListVisibleAsync(ada, "sec", null, default));
    }

    [Fact]
    public async Task F3_Simultaneous_reads_of_joined_rooms_share_queries()
    {
        Assert.SkipWhen(TestDatabase.IsOnSqlServer, "The database with a log of its commands is SQLite's.");
        var people = new List<System.Security.Claims.ClaimsPrincipal>();
        for (var i = 0; i < 80; i++)
            people.Add(await _site.AddPersonAsync($"Person {i}"));
        foreach (var person in people)
            await _site.Rooms.CreateAsync(person, $"Room of {person.DisplayName}", RoomKind.Private, default);

        var log = new CommandLog();
        using var joined = new JoinedRooms(new InterceptedDatabase(_site.DataFolder, log));
        await joined.StartAsync(default);

        var lists = await Task.WhenAll(people.Select(person => joined.ReadAsync(person.UserId, default)));

        // The first request is a batch of its own; all others are the second batch.
        Assert.InRange(log.Commands.Count, 1, 6);
        await joined.StopAsync(default);
        Assert.Equal(people.Select(person => $"Room of {person.DisplayName}"), lists.Select(list => Assert.Single(list.Rooms).Name));
    }

    [Fact]
    public async Task F3_Simultaneous_reads_of_the_list_of_rooms_share_queries()
    {
        Assert.SkipWhen(TestDatabase.IsOnSqlServer, "The database with a log of its commands is SQLite's.");
        await AddRoomsAsync(60);
        var people = new List<System.Security.Claims.ClaimsPrincipal>();
        for (var i = 0; i < 60; i++)
            people.Add(await _site.AddPersonAsync($"Person {i:00}"));
        foreach (var person in people)
            await _site.Rooms.CreateAsync(person, $"A room of {person.DisplayName}", RoomKind.Private, default);
        var open = (await _site.Rooms.ListVisibleAsync(people[0], "Room 00", null, default))[3];
        await _site.Rooms.JoinAsync(people[7], open.Id, default);
        var log = new CommandLog();
        using var visible = new VisibleRooms(new InterceptedDatabase(_site.DataFolder, log));
        await visible.StartAsync(default);

        var pages = await Task.WhenAll(people.Select(person => visible.ReadFirstPageAsync(person.UserId, default)));

        // The first request is a batch of its own; all others are the second batch.
        Assert.InRange(log.Commands.Count, 1, 12);
        Assert.All(people.Zip(pages), read =>
        {
            Assert.Equal(RoomDirectory.PageSize, read.Second.Count);
            Assert.Equal(
                ($"A room of {read.First.DisplayName}", MembershipRole.Owner, 1),
                (read.Second[0].Name, read.Second[0].Role, read.Second[0].Members));
            Assert.Equal(Enumerable.Range(0, 49).Select(i => $"Room {i:000}"), read.Second.Skip(1).Select(room => room.Name));
        });
        Assert.Equal((MembershipRole.Member, 1), (pages[7][4].Role, pages[7][4].Members));
        Assert.Equal((null, 1), (pages[8][4].Role, pages[8][4].Members));
        Assert.Equal(0, pages[8][5].Members);
        await visible.StopAsync(default);
    }

    [Fact]
    public async Task B2_Of_simultaneous_renames_the_last_one_has_the_highest_version()
    {
        var ada = await _site.AddPersonAsync("Ada");
        var room = await _site.Rooms.CreateAsync(ada, "Room", default);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => _site.RoomSettings.RenameAsync(ada, room.Id, $"Name {i}", default))));

        Assert.Equal(8, (await _site.Rooms.FindAsync(ada, room.Id, default))!.Version);
    }

    private async Task AddRoomsAsync(int count)
    {
        await using var db = await _site.OpenAsync();
        for (var i = 0; i < count; i++)
            db.Add(new Room { Name = $"Room {i:000}", NormalizedName = Room.Normalize($"Room {i:000}") });
        await db.SaveChangesAsync();
    }
}
