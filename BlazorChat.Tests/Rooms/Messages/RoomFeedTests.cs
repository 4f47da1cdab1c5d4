using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Tests.Feeds;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Messages;

/// <summary>Rooms over two nodes, one database and one real Redis.</summary>
[Trait("Speed", "Slow")]
public sealed class RoomFeedTests : IAsyncLifetime
{
    private RedisServer _redis = default!;
    private TestDatabase _here = default!;
    private TestDatabase _there = default!;
    private ClaimsPrincipal _ada = default!;
    private RoomView _room = default!;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _here = await TestDatabase.CreateAsync(_redis.ConnectionString);
        _there = await _here.AddNodeAsync();
        _ada = await _here.AddPersonAsync("Ada");
        _room = await _here.Rooms.CreateAsync(_ada, "Room", default);
    }

    public async ValueTask DisposeAsync()
    {
        await _there.DisposeAsync();
        await _here.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task A_thousand_sends_from_two_nodes_have_one_order()
    {
        var followers = new[] { Follow(_here), Follow(_there) };

        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => Task.Run(() => SendAsync(i % 2 == 0 ? _here : _there, $"{i}"))));

        foreach (var follower in followers)
        {
            await using var _ = follower;
            await follower.WaitForAsync(1_000);
            Assert.Equal(Enumerable.Range(1, 1_000).Select(i => (long)i), follower.Changes.Select(change => change.Message.Sequence));
        }

        Assert.Equal(followers[0].Changes.Select(change => change.Message), followers[1].Changes.Select(change => change.Message));
    }

    [Fact]
    public async Task A_restart_of_Redis_loses_duplicates_and_reorders_nothing()
    {
        var followers = Enumerable.Range(0, 100).Select(i => Follow(i % 2 == 0 ? _here : _there)).ToArray();
        var sent = 0;
        var third = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var half = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var senders = Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            for (var n = 0; n < 150; n++)
            {
                await SendAsync(i % 2 == 0 ? _here : _there, $"{i}.{n}");
                var count = Interlocked.Increment(ref sent);
                if (count == 200)
                    third.SetResult();
                if (count == 400)
                    half.SetResult();
            }
        })).ToArray();

        await third.Task;
        await _redis.KillAsync();
        await half.Task;
        await _redis.StartAgainAsync();
        await Task.WhenAll(senders);
        await _here.Layer.WaitForStateAsync(LayerState.Connected);
        await _there.Layer.WaitForStateAsync(LayerState.Connected);

        foreach (var follower in followers)
        {
            await using var _ = follower;
            await follower.WaitForAsync(600);
            Assert.Equal(Enumerable.Range(1, 600).Select(i => (long)i), follower.Changes.Select(change => change.Revision));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_Redis_nodes_poll_the_database_and_push_again_later(bool isPaused)
    {
        await using var follower = Follow(_there);
        await SendAsync(_here, "before");
        await follower.WaitForAsync(1);

        await (isPaused ? _redis.PauseAsync() : _redis.KillAsync());
        await SendAsync(_here, "meanwhile");
        // Redis is still down and cannot have delivered this message.
        await follower.WaitForAsync(2);

        await (isPaused ? _redis.ResumeAsync() : _redis.StartAgainAsync());
        await _here.Layer.WaitForStateAsync(LayerState.Connected);
        await _there.Layer.WaitForStateAsync(LayerState.Connected);
        await SendAsync(_here, "after");
        await follower.WaitForAsync(3);
        Assert.Equal([1, 2, 3], follower.Changes.Select(change => change.Revision));
    }

    [Fact]
    public async Task Followers_resume_from_any_revision_on_any_node()
    {
        for (var i = 0; i < 600; i++)
            await SendAsync(_here, $"{i}");

        foreach (var (node, after) in new[] { (_here, 0L), (_there, 0L), (_there, 255L), (_here, 256L), (_there, 599L) })
        {
            await using var follower = Follow(node, after);
            await follower.WaitForAsync(600);
            Assert.Equal(Enumerable.Range((int)after + 1, 600 - (int)after).Select(i => (long)i), follower.Changes.Select(change => change.Revision));
        }
    }

    [Fact]
    public async Task Edits_and_deletions_from_two_nodes_have_one_order()
    {
        const int Messages = 20;
        for (var i = 0; i < Messages; i++)
            await SendAsync(_here, $"{i}");
        var followers = new[] { Follow(_here), Follow(_there) };

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() =>
        {
            var node = i % 2 == 0 ? _here : _there;
            // Only the last message is deleted, which ends its edits.
            return i % Messages == Messages - 1
                ? node.Conversation.DeleteAsync(_ada, _room.Id, Messages, default)
                : node.Conversation.EditAsync(_ada, _room.Id, (i % Messages) + 1, $"edit {i}", default);
        })));
        var last = Messages + (190 + 1);

        // A change that a later one replaced during a repair does not arrive. The others arrive in one order, once, and the last state is correct.
        var truth = (await _there.Conversation.ReadLatestAsync(_ada, _room.Id, default)).Messages;
        foreach (var follower in followers)
        {
            await using var _ = follower;
            await follower.WaitForAsync(last);
            var revisions = follower.Changes.Select(change => change.Revision).ToArray();
            Assert.Equal(revisions.Distinct().Order(), revisions);
            Assert.Equal(last, revisions[^1]);
            Assert.Equal(truth, follower.Changes.GroupBy(change => change.Message.Sequence).OrderBy(changes => changes.Key).Select(changes => changes.Last().Message));
        }
    }

    [Fact]
    public async Task A_follower_that_resumes_after_edits_and_deletions_receives_the_current_messages()
    {
        for (var i = 1; i <= 6; i++)
            await SendAsync(_here, $"{i}");
        await _here.Conversation.EditAsync(_ada, _room.Id, 2, "two", default);
        await _here.Conversation.EditAsync(_ada, _room.Id, 2, "zwei", default);
        await _here.Conversation.DeleteAsync(_ada, _room.Id, 5, default);

        await using var all = Follow(_there);
        await using var rest = Follow(_there, after: 7);
        await all.WaitForAsync(9);
        await rest.WaitForAsync(9);

        Assert.Equal([1, 3, 4, 6, 8, 9], all.Changes.Select(change => change.Revision));
        Assert.Equal(["1", "3", "4", "6", "zwei", ""], all.Changes.Select(change => change.Message.Markdown));
        Assert.Equal([(8, 2), (9, 5)], rest.Changes.Select(change => (change.Revision, change.Message.Sequence)));
        Assert.NotNull(rest.Changes[1].Message.DeletedAt);
    }

    [Fact]
    public async Task A_node_does_not_send_the_text_of_a_deleted_message_from_its_memory()
    {
        await using var first = Follow(_here);
        await SendAsync(_here, "secret");
        await first.WaitForAsync(1);
        await SendAsync(_here, "kept");
        await _there.Conversation.DeleteAsync(_ada, _room.Id, 1, default);
        await first.WaitForAsync(3);

        await using var late = Follow(_here);
        await late.WaitForAsync(3);

        Assert.Equal("secret", first.Changes[0].Message.Markdown);
        Assert.Equal([(2, "kept"), (3, "")], late.Changes.Select(change => (change.Revision, change.Message.Markdown)));
    }

    [Fact]
    public async Task Unread_and_read_messages_are_published_on_every_node()
    {
        await using var lists = new RoomEventRecorder(RoomGroups.Activity);
        await using var circuits = new RoomEventRecorder(RoomGroups.User(_ada.UserId));
        await lists.ConnectAsync(_there);
        await circuits.ConnectAsync(_there);

        await SendAsync(_here, "news");

        Assert.Equal(1, Assert.IsType<RoomsActivity>(await lists.NextAsync()).LastSequences[_room.Id]);
        Assert.Equal(new RoomRead(_room.Id, 1), await circuits.NextAsync());
    }

    [Fact]
    public async Task A_node_reads_the_newest_page_once_for_each_revision()
    {
        await SendAsync(_here, "cached");
        var first = await _here.Conversation.ReadLatestAsync(_ada, _room.Id, default);
        await using (var db = await _here.OpenAsync())
            await db.Messages.ExecuteUpdateAsync(message => message.SetProperty(m => m.Html, "behind the cache's back"));

        Assert.Equal(first.Messages, (await _here.Conversation.ReadLatestAsync(_ada, _room.Id, default)).Messages);
        Assert.Equal("behind the cache's back", Assert.Single((await _there.Conversation.ReadLatestAsync(_ada, _room.Id, default)).Messages).Html);

        await SendAsync(_there, "a newer revision");
        var newer = await _here.Conversation.ReadLatestAsync(_ada, _room.Id, default);
        Assert.Equal(["behind the cache's back", "<p>a newer revision</p>"], newer.Messages.Select(message => message.Html.Trim()));
    }

    [Fact]
    public async Task The_cache_returns_nothing_to_a_person_without_the_right()
    {
        var zoe = await _here.AddPersonAsync("Zoe");
        await SendAsync(_here, "secret");
        await using (var db = await _here.OpenAsync())
            await db.Rooms.ExecuteUpdateAsync(room => room.SetProperty(r => r.Kind, RoomKind.Private));
        await _here.Conversation.ReadLatestAsync(_ada, _room.Id, default);

        await Assert.ThrowsAsync<RefusedException>(() => _here.Conversation.ReadLatestAsync(zoe, _room.Id, default));
    }

    private Follower<MessageChanged> Follow(TestDatabase node, long after = 0) =>
        new(stop => node.Conversation.FollowAsync(_ada, _room.Id, after, stop));

    private Task<MessageView> SendAsync(TestDatabase node, string text) =>
        node.Conversation.SendAsync(_ada, _room.Id, Guid.NewGuid(), text, default);
}
