using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Liveblogs.Posts;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Messages;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Rooms;

/// <summary>One limit in the services, for all entry points.</summary>
public sealed class CommandLimitTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private TestDatabase _site = default!;
    private ClaimsPrincipal _ada = default!;

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync(null, _time, "Commands:PerSecond=10");
        _ada = await _site.AddPersonAsync("Ada", isAdmin: true);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task B8_G20_Messages_are_accepted_at_the_rate_of_the_setting()
    {
        var room = await _site.Rooms.CreateAsync(_ada, "Room", default);
        _time.Advance(TimeSpan.FromSeconds(1));

        var accepted = 0;
        for (var i = 0; i < 200; i++)
        {
            if (await RefusalOfAsync(() => SendAsync(room)) is null)
                accepted++;
            _time.Advance(TimeSpan.FromMilliseconds(2.5));
        }

        Assert.Equal(54, accepted);
        Assert.Equal(54, (await _site.Rooms.FindAsync(_ada, room.Id, default))!.LastSequence);
    }

    [Fact]
    public async Task B8_A_refusal_has_the_time_when_the_same_command_is_accepted()
    {
        var room = await _site.Rooms.CreateAsync(_ada, "Room", default);
        await ExhaustAsync(room);

        var refused = await RefusalOfAsync(() => SendAsync(room));
        _time.Advance(refused!.RetryAfter!.Value);

        Assert.Equal(RefusalCode.RateLimited, refused.Code);
        Assert.EndsWith("Try again in a second.", refused.Message, StringComparison.Ordinal);
        Assert.Null(await RefusalOfAsync(() => SendAsync(room)));
    }

    [Fact]
    public async Task G4_Commands_of_every_kind_count_together()
    {
        var zoe = await _site.AddPersonAsync("Zoe");
        var room = await _site.Rooms.CreateAsync(_ada, "Room", default);
        var members = _site.Services.GetRequiredService<RoomMembers>();
        var owners = _site.Services.GetRequiredService<RoomOwners>();
        var unread = _site.Services.GetRequiredService<UnreadRooms>();
        var liveblog = await _site.Lifecycle.CreateAsync(_ada, "Launch", "launch", default);
        await ExhaustAsync(room);

        foreach (var (name, command) in new (string, Func<Task>)[]
        {
            ("send", () => SendAsync(room)),
            ("edit", () => _site.Conversation.EditAsync(_ada, room.Id, 1, "y", default)),
            ("delete", () => _site.Conversation.DeleteAsync(_ada, room.Id, 1, default)),
            ("read", () => _site.Conversation.MarkReadAsync(_ada, room.Id, 1, default)),
            ("unread", () => _site.Conversation.MarkUnreadAsync(_ada, room.Id, 1, default)),
            ("read all", () => unread.MarkAllReadAsync(_ada, default)),
            ("unread again", () => unread.MarkUnreadAsync(_ada, [], default)),
            ("level", () => _site.Preferences.SetLevelAsync(_ada, room.Id, RoomLevel.Nothing, default)),
            ("favourite", () => _site.Preferences.SetFavouriteAsync(_ada, room.Id, true, default)),
            ("hide", () => _site.Preferences.HideAsync(_ada, room.Id, default)),
            ("show", () => _site.Preferences.ShowAsync(_ada, room.Id, default)),
            ("typing", () => _site.Conversation.TypingAsync(_ada, room.Id, default)),
            ("create", () => _site.Rooms.CreateAsync(_ada, "Other", default)),
            ("rename", () => _site.RoomSettings.RenameAsync(_ada, room.Id, "Other", default)),
            ("archive", () => _site.RoomLifecycle.ArchiveAsync(_ada, room.Id, default)),
            ("unarchive", () => _site.RoomLifecycle.UnarchiveAsync(_ada, room.Id, default)),
            ("delete a room", () => _site.RoomLifecycle.DeleteAsync(_ada, room.Id, default)),
            ("make an owner", () => owners.SetOwnerAsync(_ada, room.Id, zoe.UserId, isOwner: true, default)),
            ("join", () => _site.Rooms.JoinAsync(_ada, room.Id, default)),
            ("leave", () => _site.Owners.LeaveAsync(_ada, room.Id, null, default)),
            ("add", () => members.AddAsync(_ada, room.Id, zoe.UserId, default)),
            ("remove", () => members.RemoveAsync(_ada, room.Id, zoe.UserId, default)),
            ("assign an owner", () => owners.AssignAsync(_ada, room.Id, zoe.UserId, default)),
            ("create a liveblog", () => _site.Lifecycle.CreateAsync(_ada, "Other", "other", default)),
            ("name a liveblog", () => _site.Lifecycle.DescribeAsync(_ada, liveblog.Id, "Other", "", default)),
            ("start a liveblog", () => _site.Lifecycle.StartAsync(_ada, liveblog.Id, default)),
            ("archive a liveblog", () => _site.Lifecycle.ArchiveAsync(_ada, liveblog.Id, default)),
            ("publish", () => _site.Editing.PublishAsync(_ada, liveblog.Id, Guid.NewGuid(), new PostText("", "x"), default)),
            ("edit a post", () => _site.Editing.EditAsync(_ada, liveblog.Id, 1, 1, new PostText("", "x"), default)),
            ("pin", () => _site.Editing.PinAsync(_ada, liveblog.Id, 1, true, default)),
            ("mark", () => _site.Editing.MarkAsync(_ada, liveblog.Id, 1, true, default)),
            ("delete a post", () => _site.Editing.DeleteAsync(_ada, liveblog.Id, 1, default)),
            ("preview", () => _site.Editing.PreviewAsync(_ada, liveblog.Id, "x", default)),
            ("save a draft", () => _site.Drafts.SaveAsync(_ada, liveblog.Id, Guid.NewGuid(), new PostText("", "x"), null, default)),
            ("delete a draft", () => _site.Drafts.DeleteAsync(_ada, liveblog.Id, Guid.NewGuid(), default)),
            ("add an editor", () => _site.Editors.AddAsync(_ada, liveblog.Id, "zoe@example.org", default)),
            ("remove an editor", () => _site.Editors.RemoveAsync(_ada, liveblog.Id, zoe.UserId, default)),
        })
        {
            Assert.Equal((name, RefusalCode.RateLimited), (name, (await RefusalOfAsync(command))?.Code));
        }

        Assert.Null(await RefusalOfAsync(() => _site.Rooms.JoinAsync(zoe, room.Id, default)));
    }

    [Fact]
    public async Task G14_Searches_for_people_have_a_limit_of_their_own()
    {
        var room = await _site.Rooms.CreateAsync(_ada, "Room", default);
        var members = _site.Services.GetRequiredService<RoomMembers>();
        for (var i = 0; i < 30; i++)
            await members.FindPeopleAsync(_ada, room.Id, "z", default);

        var refused = await RefusalOfAsync(() => members.FindPeopleAsync(_ada, room.Id, "z", default));

        Assert.Equal((RefusalCode.RateLimited, TimeSpan.FromSeconds(2)), (refused!.Code, refused.RetryAfter));
    }

    private async Task ExhaustAsync(RoomView room)
    {
        for (var i = 0; i <= 50 && await RefusalOfAsync(() => SendAsync(room)) is null; i++)
            Assert.NotEqual(50, i);
    }

    private Task<MessageView> SendAsync(RoomView room) => _site.Conversation.SendAsync(_ada, room.Id, Guid.NewGuid(), "x", default);

    private static async Task<RefusedException?> RefusalOfAsync(Func<Task> command) => await Record.ExceptionAsync(command) switch
    {
        null => null,
        RefusedException refused => refused,
        var other => throw new InvalidOperationException("Something else than a refusal.", other),
    };
}
