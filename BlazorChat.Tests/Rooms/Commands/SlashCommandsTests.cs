using System.Security.Claims;
using BlazorChat.Accounts.Statuses;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Commands;
using BlazorChat.Rooms.Directory;

namespace BlazorChat.Tests.Rooms.Commands;

public sealed class SlashCommandsTests : IAsyncLifetime
{
    private TestDatabase _site = default!;
    private SlashCommands _commands = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;
    private RoomView _room = default!;

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync();
        _commands = _site.Services.GetRequiredService<SlashCommands>();
        _ada = await _site.AddPersonAsync("Ada");
        _zoe = await _site.AddPersonAsync("Zoe");
        _room = await _site.Rooms.CreateAsync(_ada, "Room", default);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task A_command_calls_its_service_and_returns_what_was_done()
    {
        Assert.Equal("The topic is changed.", await RunAsync(_ada, "Topic", " Release on Friday "));
        Assert.Equal("Release on Friday", (await _site.Rooms.FindAsync(_ada, _room.Id, default))!.Topic);

        Assert.Equal("Added: Zoe", await RunAsync(_ada, "invite", "@zoe, zoe"));
        Assert.True((await _site.Rooms.FindAsync(_zoe, _room.Id, default))!.IsMember);

        await RunAsync(_zoe, "mute", "");
        Assert.Equal(RoomLevel.Nothing, (await _site.Rooms.FindAsync(_zoe, _room.Id, default))!.ChosenLevel);
        await RunAsync(_zoe, "unmute", "");
        Assert.Null((await _site.Rooms.FindAsync(_zoe, _room.Id, default))!.ChosenLevel);
    }

    [Theory]
    [InlineData("🍴 점심", "🍴", "점심")]
    [InlineData(":palm_tree:", "🌴", "")]
    [InlineData("at lunch :tada:", "", "at lunch :tada:")]
    [InlineData(":nosuch: here", "", ":nosuch: here")]
    public async Task A_status_may_begin_with_an_emoji(string text, string emoji, string words)
    {
        var statuses = _site.Services.GetRequiredService<PeopleStatus>();

        await RunAsync(_ada, "status", text);
        Assert.Equal(new PersonStatus(emoji, words, null), await statuses.FindAsync(_ada, default));

        Assert.Equal("Your status is cleared.", await RunAsync(_ada, "status", ""));
        Assert.Null(await statuses.FindAsync(_ada, default));
    }

    [Fact]
    public async Task What_is_unknown_incomplete_or_not_allowed_is_refused_and_nothing_is_done()
    {
        await _site.Rooms.JoinAsync(_zoe, _room.Id, default);

        Assert.Contains("There is no command /tpic.", await RefusedAsync(_ada, "tpic", "x", RefusalCode.NotFound), StringComparison.Ordinal);
        Assert.Equal("Usage: /topic text", await RefusedAsync(_ada, "topic", " ", RefusalCode.Invalid));
        Assert.Equal("Usage: /me text", await RefusedAsync(_ada, "me", "", RefusalCode.Invalid));
        await RefusedAsync(_ada, "topic", "two\nlines", RefusalCode.Invalid);
        await RefusedAsync(_ada, "status", new string('x', 1_000), RefusalCode.Invalid);
        await RefusedAsync(_zoe, "topic", "Mine now", RefusalCode.Forbidden);
        await RefusedAsync(_zoe, "invite", "@ada", RefusalCode.Forbidden);
        await RefusedAsync(await _site.AddPersonAsync("Eve"), "mute", "", RefusalCode.Forbidden);
        // Nobody is added when one of them is unknown.
        var kim = await _site.AddPersonAsync("Kim");
        Assert.Equal("Nobody has the handle @nobody.", await RefusedAsync(_ada, "invite", "@kim @nobody", RefusalCode.NotFound));
        await RefusedAsync(_ada, "invite", string.Join(' ', Enumerable.Range(0, SlashCommands.MaxInvited + 1)), RefusalCode.Invalid);
        await RefusedAsync(_ada, "invite", "\ud800", RefusalCode.NotFound);
        Assert.False((await _site.Rooms.FindAsync(kim, _room.Id, default))!.IsMember);
        Assert.Empty((await _site.Rooms.FindAsync(_ada, _room.Id, default))!.Topic ?? "");
        Assert.Empty((await _site.Conversation.ReadLatestAsync(_ada, _room.Id, default)).Messages);
    }

    [Fact]
    public async Task A_list_of_people_is_one_search()
    {
        var handles = string.Join(' ', Enumerable.Range(0, SlashCommands.MaxInvited).Select(i => $"@nobody{i}"));

        for (var i = 0; i < 5; i++)
            Assert.Equal("Nobody has the handle @nobody0.", await RefusedAsync(_ada, "invite", handles, RefusalCode.NotFound));
    }

    [Fact]
    public async Task A_refusal_names_those_whom_the_command_has_added()
    {
        await using var site = await TestDatabase.CreateAsync(null, null, "Rooms:AddsPerDay=2");
        var ada = await site.AddPersonAsync("Ada");
        var room = await site.Rooms.CreateAsync(ada, "Room", default);
        foreach (var name in new[] { "Zoe", "Kim", "Eve", "Bob" })
            await site.AddPersonAsync(name);
        var commands = site.Services.GetRequiredService<SlashCommands>();

        var refused = await Assert.ThrowsAsync<RefusedException>(() => commands.RunAsync(ada, room.Id, "invite", "@zoe @kim @eve @bob", default));

        Assert.Equal(RefusalCode.RateLimited, refused.Code);
        Assert.NotNull(refused.RetryAfter);
        Assert.StartsWith("Added: Zoe, Kim. Not added: Eve, Bob. You can add at most 2", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/me waves to **all**", "<div class=\"action\"><p>waves to <strong>all</strong></p></div>")]
    [InlineData("/ME waves", "<div class=\"action\"><p>waves</p></div>")]
    [InlineData("/me\nwaves", "<div class=\"action\"><p>waves</p></div>")]
    [InlineData("/me", "<p>/me</p>")]
    [InlineData("/me ", "<p>/me</p>")]
    [InlineData("/mean it", "<p>/mean it</p>")]
    [InlineData(@"\/me waves", "<p>/me waves</p>")]
    [InlineData("/topic x", "<p>/topic x</p>")]
    [InlineData("<div class=\"action\">x</div>", "<p>&lt;div class=\"action\"&gt;x&lt;/div&gt;</p>")]
    public async Task An_action_is_made_when_it_is_written_by_whichever_way(string text, string html)
    {
        Assert.Equal(html, (await _site.Conversation.SendAsync(_ada, _room.Id, Guid.NewGuid(), text, default)).Html);
        await _site.Conversation.SendAsync(_ada, _room.Id, Guid.NewGuid(), "first", default);
        Assert.Equal(html, (await _site.Conversation.EditAsync(_ada, _room.Id, 2, text, default)).Html);
    }

    private async Task<string> RunAsync(ClaimsPrincipal person, string name, string text) =>
        (await _commands.RunAsync(person, _room.Id, name, text, default)).Text.ToString();

    private async Task<string> RefusedAsync(ClaimsPrincipal person, string name, string text, RefusalCode code)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(() => RunAsync(person, name, text));
        Assert.Equal(code, refused.Code);
        return refused.Message;
    }
}
