using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Threads;

namespace BlazorChat.Tests.Rooms.Threads;

/// <summary>The number of unread replies of the threads that a person follows, and the events that change it.</summary>
public sealed class ThreadCountTests : IAsyncLifetime
{
    private TestDatabase _site = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;
    private RoomView _room = default!;

    private ThreadFollows Follows => _site.Services.GetRequiredService<ThreadFollows>();

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync();
        _ada = await _site.AddPersonAsync("Ada");
        _zoe = await _site.AddPersonAsync("Zoe");
        _room = await _site.Rooms.CreateAsync(_ada, "Room", default);
        await _site.Rooms.JoinAsync(_zoe, _room.Id, default);
        await SendAsync("one");
        await SendAsync("two");
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task The_replies_of_all_followed_threads_count_until_they_are_read()
    {
        await ReplyAsync(_zoe, 1, "one");
        await ReplyAsync(_zoe, 1, "two");
        await ReplyAsync(_zoe, 2, "other");
        Assert.Equal((3, 0), (await CountAsync(_ada), await CountAsync(_zoe)));

        await Follows.MarkReadAsync(_ada, _room.Id, 1, 1, default);
        Assert.Equal(2, await CountAsync(_ada));
        await Follows.UnfollowAsync(_ada, _room.Id, 2, default);
        Assert.Equal(1, await CountAsync(_ada));
        // Who writes has read what is above.
        await ReplyAsync(_ada, 1, "three");
        Assert.Equal((0, 1), (await CountAsync(_ada), await CountAsync(_zoe)));
    }

    [Fact]
    public async Task A_muted_a_hidden_and_an_archived_room_and_one_that_was_left_count_nothing()
    {
        await ReplyAsync(_zoe, 1, "one");

        await _site.Preferences.SetLevelAsync(_ada, _room.Id, RoomLevel.Nothing, default);
        Assert.Equal(0, await CountAsync(_ada));
        // A muted room is in the list of threads.
        Assert.Single(await _site.Services.GetRequiredService<ThreadDirectory>().ListAsync(_ada, before: null, default));
        await _site.Preferences.SetLevelAsync(_ada, _room.Id, null, default);
        Assert.Equal(1, await CountAsync(_ada));
        await _site.Notifications.SetRoomLevelAsync(_ada, RoomLevel.Nothing, default);
        Assert.Equal(0, await CountAsync(_ada));
        await _site.Preferences.SetLevelAsync(_ada, _room.Id, RoomLevel.Mentions, default);
        Assert.Equal(1, await CountAsync(_ada));

        await _site.Preferences.HideAsync(_ada, _room.Id, default);
        Assert.Equal(0, await CountAsync(_ada));
        await ReplyAsync(_zoe, 1, "still hidden");
        Assert.Equal(0, await CountAsync(_ada));
        await _site.Conversation.SendAsync(_zoe, _room.Id, Guid.NewGuid(), "back", default);
        Assert.Equal(2, await CountAsync(_ada));

        await ReplyAsync(_ada, 1, "mine");
        Assert.Equal(1, await CountAsync(_zoe));
        await _site.Owners.LeaveAsync(_zoe, _room.Id, newOwnerId: null, default);
        Assert.Equal(0, await CountAsync(_zoe));
        await _site.Rooms.JoinAsync(_zoe, _room.Id, default);
        await ReplyAsync(_zoe, 1, "again");
        Assert.Equal(1, await CountAsync(_ada));
        await _site.RoomLifecycle.ArchiveAsync(_ada, _room.Id, default);
        Assert.Equal(0, await CountAsync(_ada));
    }

    [Fact]
    public async Task A_direct_room_counts_whatever_the_level_of_rooms_is_and_people_who_ask_together_get_their_own_numbers()
    {
        await _site.Notifications.SetRoomLevelAsync(_ada, RoomLevel.Nothing, default);
        var (directId, _) = await _site.DirectRooms.OpenAsync(_ada, [_zoe.UserId], default);
        await _site.Conversation.SendAsync(_ada, directId, Guid.NewGuid(), "root", default);
        await _site.Conversation.ReplyAsync(_zoe, directId, 1, Guid.NewGuid(), "reply", [], isInRoom: false, default);
        await _site.Conversation.ReplyAsync(_zoe, directId, 1, Guid.NewGuid(), "reply", [], isInRoom: true, default);

        var counts = await Task.WhenAll(CountAsync(_ada), CountAsync(_zoe));
        Assert.Equal([2, 0], counts);
    }

    [Fact]
    public async Task Replies_of_a_moment_are_one_event_that_names_the_followers_of_each_thread()
    {
        var events = new RoomEventRecorder(RoomGroups.Threads);
        await events.ConnectAsync(_site);

        await ReplyAsync(_zoe, 1, "one");
        Assert.Equal([(1, 1)], Describe((ThreadsActivity)await events.NextAsync()));
        await Task.WhenAll(ReplyAsync(_zoe, 1, "two"), ReplyAsync(_zoe, 1, "three"), ReplyAsync(_ada, 2, "other"), SendAsync("no reply"));

        var activity = (ThreadsActivity)await events.NextAsync();
        Assert.Equal([(1, 3), (2, 1)], Describe(activity).Order());
        var (first, second) = (activity.Threads.Single(thread => thread.Root == 1), activity.Threads.Single(thread => thread.Root == 2));
        Assert.Equal([_ada.UserId, _zoe.UserId], first.Followers!.Order());
        Assert.Equal([_ada.UserId], second.Followers);
        Assert.Equal([first], activity.Of(_zoe.UserId, _ => throw new InvalidOperationException("The followers are named.")));

        static IEnumerable<(int Root, int LastReply)> Describe(ThreadsActivity activity) =>
            activity.Threads.Select(thread => ((int)thread.Root, (int)thread.LastReply));
    }

    [Fact]
    public async Task Very_many_followers_are_not_named()
    {
        await ReplyAsync(_zoe, 1, "one");
        await using (var db = await _site.OpenAsync())
        {
            var rootId = db.Threads.Single().RootId;
            for (var i = 0; i < 2_000; i++)
            {
                var user = new ChatUser { UserName = $"p{i}", NormalizedUserName = $"P{i}", DisplayName = $"p{i}", Handle = $"p{i}" };
                db.Add(user);
                db.Add(new ThreadFollow { RootId = rootId, User = user });
            }

            await db.SaveChangesAsync();
        }

        var events = new RoomEventRecorder(RoomGroups.Threads);
        await events.ConnectAsync(_site);
        ThreadReplies thread;
        do
        {
            await ReplyAsync(_zoe, 1, "two");
            thread = Assert.Single(((ThreadsActivity)await events.NextAsync()).Threads);
        }
        while (thread.LastReply == 1);

        Assert.Null(thread.Followers);
        Assert.Equal([thread], new ThreadsActivity([thread]).Of(_ada.UserId, roomId => roomId == _room.Id));
    }

    [Fact]
    public async Task What_a_person_does_with_a_thread_is_published_to_them_once()
    {
        await ReplyAsync(_zoe, 1, "one");
        await ReplyAsync(_zoe, 1, "two");
        var events = new RoomEventRecorder(RoomGroups.User(_ada.UserId));
        await events.ConnectAsync(_site);

        await Follows.MarkReadAsync(_ada, _room.Id, 1, 1, default);
        await Follows.MarkReadAsync(_ada, _room.Id, 1, 1, default);
        await Follows.MarkReadAsync(_ada, _room.Id, 1, 9, default);
        await Follows.FollowAsync(_ada, _room.Id, 1, default);
        await Follows.UnfollowAsync(_ada, _room.Id, 1, default);
        await Follows.UnfollowAsync(_ada, _room.Id, 1, default);
        await Follows.MarkReadAsync(_ada, _room.Id, 1, 2, default);
        await Follows.FollowAsync(_ada, _room.Id, 1, default);

        Assert.Equal(
            [new ThreadRead(_room.Id, 1, 1), new ThreadRead(_room.Id, 1, 2), new ThreadRead(_room.Id, 1, null), new ThreadRead(_room.Id, 1, 2)],
            new object[] { await events.NextAsync(), await events.NextAsync(), await events.NextAsync(), await events.NextAsync() });
    }

    private Task<long> CountAsync(ClaimsPrincipal person) => _site.Services.GetRequiredService<ThreadCounts>().ReadAsync(person, default);

    private Task<MessageView> SendAsync(string text) => _site.Conversation.SendAsync(_ada, _room.Id, Guid.NewGuid(), text, default);

    private Task<MessageView> ReplyAsync(ClaimsPrincipal author, long root, string text) =>
        _site.Conversation.ReplyAsync(author, _room.Id, root, Guid.NewGuid(), text, [], isInRoom: false, default);
}
