using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Polls;
using BlazorChat.Tests.Feeds;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Polls;

/// <summary>Votes over two nodes, one database and one real Redis.</summary>
[Trait("Speed", "Slow")]
public sealed class PollStormTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Votes_that_many_people_give_and_change_at_once_on_two_nodes_are_counted_exactly(bool isAnonymous)
    {
        const int people = 30, rounds = 6;
        await using var redis = await RedisServer.StartAsync();
        await using var here = await TestDatabase.CreateAsync(redis.ConnectionString);
        await using var there = await here.AddNodeAsync();
        var nodes = new[] { here, there };
        var ada = await here.AddPersonAsync("Ada");
        var room = await here.Rooms.CreateAsync(ada, "Room", default);
        var crowd = new List<ClaimsPrincipal>();
        for (var i = 0; i < people; i++)
        {
            crowd.Add(await here.AddPersonAsync($"Person {i}"));
            await here.Rooms.JoinAsync(crowd[i], room.Id, default);
        }

        await PollsOf(here).SendAsync(ada, room.Id, Guid.NewGuid(), "q", new PollDraft(["a", "b", "c"], IsMultiple: true, isAnonymous), default);
        await using var follower = new Follower<MessageChanged>(stop => there.Conversation.FollowAsync(ada, room.Id, 0, stop));
        var random = new Random(7);
        var choices = crowd.Select(_ => Enumerable.Range(0, rounds).Select(_ => Enumerable.Range(1, 3).Where(_ => random.Next(2) == 0).ToArray()).ToArray()).ToArray();

        // Each person votes again and again, each time on both nodes with the same choice, as an outbox that repeats.
        var answers = await Task.WhenAll(crowd.Select((person, index) => Task.Run(async () =>
        {
            long revision = 0;
            foreach (var options in choices[index])
            {
                foreach (var node in nodes)
                    revision = Math.Max(revision, (await PollsOf(node).VoteAsync(person, room.Id, 1, options, default)).Revision);
            }

            return revision;
        })));

        var expected = Enumerable.Range(1, 3).Select(number => choices.Count(person => person[^1].Contains(number))).ToArray();
        var voters = choices.Count(person => person[^1].Length > 0);
        await follower.WaitForAsync(answers.Max());
        Assert.Equal(isAnonymous ? [0, 0, 0] : expected, follower.Changes[^1].Message.Poll!.Options.Select(option => option.Count));
        answers = [(await PollsOf(here).EndAsync(ada, room.Id, 1, default)).Revision];
        foreach (var node in nodes)
        {
            var poll = (await node.Conversation.ReadLatestAsync(ada, room.Id, default)).Messages[0].Poll!;
            Assert.Equal(expected, poll.Options.Select(option => option.Count));
            Assert.Equal(voters, poll.Voters);
            Assert.Equal(
                expected.Select(count => isAnonymous ? 0 : Math.Min(count, PollView.MaxPeople)), poll.Options.Select(option => option.People.Count));
        }

        await using var db = await here.OpenAsync();
        var rows = (await db.PollVotes.Select(vote => new { vote.UserId, vote.Number }).ToListAsync()).Select(vote => (vote.UserId, vote.Number)).ToHashSet();
        Assert.Equal(crowd.SelectMany((person, index) => choices[index][^1].Select(number => (person.UserId, number))).ToHashSet(), rows);
        await follower.WaitForAsync(answers.Max());
        Assert.Equal(expected, follower.Changes[^1].Message.Poll!.Options.Select(option => option.Count));
        Assert.All(
            follower.Changes.Select(change => change.Message.Poll!),
            poll => Assert.True(poll.Voters <= people && poll.Options.All(option => option.Count <= poll.Voters && option.Count >= option.People.Count)));
    }

    private static RoomPolls PollsOf(TestDatabase node) => node.Services.GetRequiredService<RoomPolls>();
}
