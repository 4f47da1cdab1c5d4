using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Bots;
using BlazorChat.Rooms.Directory;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Rooms.Bots;

/// <summary>Commands of bots, and the calls that wait for them.</summary>
public sealed class BotCommandsTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private TestDatabase _site = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;
    private ClaimsPrincipal _bot = default!;
    private RoomView _room = default!;

    private BotCommands Commands => _site.Services.GetRequiredService<BotCommands>();

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync(time: _time);
        _ada = await _site.AddPersonAsync("Ada");
        _zoe = await _site.AddPersonAsync("Zoe");
        _bot = await AddBotAsync("Deployer");
        _room = await _site.Rooms.CreateAsync(_ada, "Room", default);
        await _site.Rooms.JoinAsync(_zoe, _room.Id, default);
        await _site.Rooms.JoinAsync(_bot, _room.Id, default);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task A_bot_declares_its_commands_and_members_of_its_rooms_see_them()
    {
        foreach (var _ in new[] { 1, 2 })
            await Commands.SetAsync(_bot, [new("Deploy", "version", "Deploys  a version"), new("rollback", "", "Takes a version back")], default);

        Assert.Equal([new("deploy", "version", "Deploys a version"), new("rollback", "", "Takes a version back")], await Commands.ListAsync(_bot, default));
        Assert.Equal(
            [new("deploy", "version", "Deploys a version", "Deployer"), new("rollback", "", "Takes a version back", "Deployer")],
            await Commands.ListOfRoomAsync(_zoe, _room.Id, default));

        await Commands.SetAsync(_bot, [new("deploy", "", "Deploys")], default);
        Assert.Equal([new("deploy", "", "Deploys", "Deployer")], await Commands.ListOfRoomAsync(_zoe, _room.Id, default));
        var guest = await _site.AddPersonAsync("Guest");
        Assert.Empty(await Commands.ListOfRoomAsync(guest, _room.Id, default));
        var other = await _site.Rooms.CreateAsync(_ada, "Other", default);
        Assert.Empty(await Commands.ListOfRoomAsync(_ada, other.Id, default));
    }

    [Theory]
    [InlineData("topic", "", "x", "Conflict /topic is built in.")]
    [InlineData("Taken", "", "x", "Conflict Another bot has the command /taken.")]
    [InlineData("", "", "x", "Invalid The name of a command has at most 30 letters a to z, digits and dashes, and begins with a letter.")]
    [InlineData("9lives", "", "x", "Invalid The name of a command has at most 30 letters a to z, digits and dashes, and begins with a letter.")]
    [InlineData("a/b", "", "x", "Invalid The name of a command has at most 30 letters a to z, digits and dashes, and begins with a letter.")]
    [InlineData("ok", "", " ", "Invalid /ok needs a usage of at most 60 characters and a hint of 1 to 100, each on one line.")]
    [InlineData("ok", "a\nb", "x", "Invalid /ok needs a usage of at most 60 characters and a hint of 1 to 100, each on one line.")]
    public async Task A_command_that_is_invalid_built_in_or_taken_is_refused_and_nothing_changes(string name, string usage, string hint, string refusal)
    {
        await Commands.SetAsync(await AddBotAsync("Other"), [new("taken", "", "x")], default);
        await Commands.SetAsync(_bot, [new("deploy", "", "x")], default);

        Assert.Equal(refusal, await RefusedAsync(() => Commands.SetAsync(_bot, [new("fine", "", "x"), new(name, usage, hint)], default)));

        Assert.Equal("deploy", Assert.Single(await Commands.ListAsync(_bot, default)).Name);
    }

    [Fact]
    public async Task Commands_are_of_bots_only_different_and_bounded()
    {
        Assert.Equal("Forbidden Only a bot has commands.", await RefusedAsync(() => Commands.SetAsync(_ada, [new("mine", "", "x")], default)));
        Assert.Equal("Invalid A command is in the list twice.", await RefusedAsync(() => Commands.SetAsync(_bot, [new("a", "", "x"), new("A", "", "x")], default)));
        var many = Enumerable.Range(0, BotCommands.MaxCommands + 1).Select(i => new DeclaredCommand($"c{i}", "", "x")).ToArray();
        Assert.Equal("Invalid A bot has at most 20 commands.", await RefusedAsync(() => Commands.SetAsync(_bot, many, default)));
        await Commands.SetAsync(_bot, many[1..], default);
        await Commands.SetAsync(_bot, [], default);
        Assert.Empty(await Commands.ListAsync(_bot, default));
    }

    [Fact]
    public async Task A_call_waits_for_its_bot_until_it_is_acknowledged_and_is_no_message()
    {
        await Commands.SetAsync(_bot, [new("deploy", "", "x")], default);
        var id = Guid.NewGuid();

        foreach (var _ in new[] { 1, 2 })
            Assert.Equal("Deployer", await Commands.CallAsync(_zoe, _room.Id, "Deploy", " v2 now ", id, default));
        await Commands.CallAsync(_ada, _room.Id, "deploy", "", Guid.NewGuid(), default);

        var calls = await Commands.ListCallsAsync(_bot, 0, default);
        Assert.Equal([("deploy", "v2 now", "Zoe", "zoe"), ("deploy", "", "Ada", "ada")], calls.Select(call => (call.Name, call.Text, call.PersonName, call.Handle)));
        Assert.Equal([calls[1]], await Commands.ListCallsAsync(_bot, calls[0].Id, default));
        Assert.Empty(await Commands.ListCallsAsync(_ada, 0, default));
        Assert.Empty((await _site.Conversation.ReadLatestAsync(_ada, _room.Id, default)).Messages);
        await Commands.AcknowledgeAsync(await AddBotAsync("Other"), calls[0].Id, default);
        foreach (var _ in new[] { 1, 2 })
            await Commands.AcknowledgeAsync(_bot, calls[1].Id, default);
        Assert.Equal([calls[0]], await Commands.ListCallsAsync(_bot, 0, default));

        // A bot that left the room reads no calls of it, and calls of yesterday are gone.
        await _site.Owners.LeaveAsync(_bot, _room.Id, null, default);
        Assert.Empty(await Commands.ListCallsAsync(_bot, 0, default));
        await _site.Rooms.JoinAsync(_bot, _room.Id, default);
        Assert.Single(await Commands.ListCallsAsync(_bot, 0, default));
        _time.Advance(BotCommands.Lifetime + TimeSpan.FromSeconds(1));
        Assert.Empty(await Commands.ListCallsAsync(_bot, 0, default));
        await _site.Services.GetRequiredService<BotCallSweep>().SweepAsync(default);
        await using var db = await _site.OpenAsync();
        Assert.False(await db.BotCalls.AnyAsync());
    }

    [Fact]
    public async Task Who_may_not_write_in_the_room_calls_no_bot()
    {
        await Commands.SetAsync(_bot, [new("deploy", "", "x")], default);
        var guest = await _site.AddPersonAsync("Guest");
        var hidden = await _site.Rooms.CreateAsync(_ada, "Hidden", RoomKind.Private, default);

        Assert.StartsWith("Forbidden ", await RefusedAsync(() => CallAsync(guest, _room.Id)), StringComparison.Ordinal);
        Assert.StartsWith("NotFound ", await RefusedAsync(() => CallAsync(guest, hidden.Id)), StringComparison.Ordinal);
        Assert.Equal("NotFound There is no command /deploy. To send it as text, write //deploy.", await RefusedAsync(() => CallAsync(_ada, hidden.Id)));
        Assert.StartsWith("Invalid ", await RefusedAsync(() => Commands.CallAsync(_ada, _room.Id, "deploy", new string('a', BotCommands.MaxTextLength + 1), Guid.NewGuid(), default)), StringComparison.Ordinal);
        await _site.RoomLifecycle.ArchiveAsync(_ada, _room.Id, default);
        Assert.StartsWith("Archived ", await RefusedAsync(() => CallAsync(_ada, _room.Id)), StringComparison.Ordinal);
        Assert.Empty(await Commands.ListCallsAsync(_bot, 0, default));
    }

    [Fact]
    public async Task Calls_of_who_has_left_or_is_banned_do_not_wait_and_those_of_a_person_are_bounded()
    {
        await Commands.SetAsync(_bot, [new("deploy", "", "x")], default);
        for (var count = 0; count < BotCommands.MaxWaitingOfPerson; count++)
            await CallAsync(_zoe, _room.Id);
        Assert.Equal("Conflict 20 of your commands wait for Deployer already. Try again later.", await RefusedAsync(() => CallAsync(_zoe, _room.Id)));
        var bob = await _site.AddPersonAsync("Bob");
        await _site.Rooms.JoinAsync(bob, _room.Id, default);
        await CallAsync(bob, _room.Id);
        await CallAsync(_ada, _room.Id);
        var bobId = bob.UserId;
        await using var db = await _site.OpenAsync();
        await db.Users.Where(user => user.Id == bobId).ExecuteUpdateAsync(user => user.SetProperty(u => u.BannedAt, DateTime.UtcNow));
        await _site.Owners.LeaveAsync(_zoe, _room.Id, newOwnerId: null, default);

        // Reading removes nothing.
        Assert.Equal("Ada", Assert.Single(await Commands.ListCallsAsync(_bot, 0, default)).PersonName);
        Assert.Equal(BotCommands.MaxWaitingOfPerson + 2, await db.BotCalls.CountAsync());
        await _site.Services.GetRequiredService<BotCallSweep>().SweepAsync(default);
        Assert.Equal("Ada", Assert.Single(await Commands.ListCallsAsync(_bot, 0, default)).PersonName);
        Assert.Equal(1, await db.BotCalls.CountAsync());
    }

    [Fact]
    public async Task A_call_that_is_too_old_does_not_count_before_it_is_removed()
    {
        await Commands.SetAsync(_bot, [new("deploy", "", "x")], default);
        for (var count = 0; count < BotCommands.MaxWaitingOfPerson; count++)
            await CallAsync(_zoe, _room.Id);
        _time.Advance(BotCommands.Lifetime);

        await CallAsync(_zoe, _room.Id);

        Assert.Single(await Commands.ListCallsAsync(_bot, 0, default));
    }

    private Task<string> CallAsync(ClaimsPrincipal person, int roomId) => Commands.CallAsync(person, roomId, "deploy", "", Guid.NewGuid(), default);

    private async Task<ClaimsPrincipal> AddBotAsync(string name)
    {
        var bot = await _site.AddPersonAsync(name);
        var id = bot.UserId;
        await using var db = await _site.OpenAsync();
        await db.Users.Where(user => user.Id == id).ExecuteUpdateAsync(user => user.SetProperty(u => u.IsBot, true));
        return bot;
    }

    private static async Task<string> RefusedAsync(Func<Task> command)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(command);
        return $"{refused.Code} {refused.Message}";
    }
}
