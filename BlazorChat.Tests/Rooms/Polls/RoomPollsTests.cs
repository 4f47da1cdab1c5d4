using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Messages;
using BlazorChat.Rooms.Polls;
using BlazorChat.Rooms.Reactions;
using BlazorChat.Tests.Feeds;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Rooms.Polls;

/// <summary>Polls as rows, as a message shows them, and in the feed.</summary>
public sealed class RoomPollsTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 31, 9, 0, 0, TimeSpan.Zero));
    private TestDatabase _site = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;
    private RoomView _room = default!;

    private RoomPolls Polls => _site.Services.GetRequiredService<RoomPolls>();

    private PollEnds Ends => _site.Services.GetRequiredService<PollEnds>();

    private DateTime Now => _time.GetUtcNow().UtcDateTime;

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync(time: _time);
        _ada = await _site.AddPersonAsync("Ada");
        _zoe = await _site.AddPersonAsync("Zoe");
        _room = await _site.Rooms.CreateAsync(_ada, "Room", default);
        await _site.Rooms.JoinAsync(_zoe, _room.Id, default);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task A_poll_is_a_message_that_counts_as_unread_and_a_repeated_send_is_one_poll()
    {
        var id = Guid.NewGuid();
        var draft = new PollDraft([" Pizza ", "Su\u0308dkorea"], IsMultiple: true, EndsAt: Now.AddHours(1));

        var sent = await Polls.SendAsync(_ada, _room.Id, id, "**Lunch?**", draft, default);
        var again = await Polls.SendAsync(_ada, _room.Id, id, "**Lunch?**", draft, default);

        Assert.Equal((1, 1, 1), (sent.Sequence, sent.Revision, again.Revision));
        Assert.Equal(new PollView([new("Pizza", 0, []), new("S\u00FCdkorea", 0, [])], 0, IsMultiple: true, IsAnonymous: false, Now.AddHours(1)), sent.Poll);
        Assert.Equal(sent.Poll, again.Poll);
        Assert.Equal(sent.Poll, (await ReadAsync()).Poll);
        Assert.Contains("<strong>Lunch?</strong>", sent.Html, StringComparison.Ordinal);
        Assert.Equal(1, (await _site.Rooms.FindAsync(_zoe, _room.Id, default))!.Unread);
        foreach (var other in new[] { draft with { IsMultiple = false }, draft with { Options = ["Pizza", "Soup"] }, draft with { EndsAt = null } })
            Assert.StartsWith("Conflict ", await RefusedAsync(() => Polls.SendAsync(_ada, _room.Id, id, "**Lunch?**", other, default)), StringComparison.Ordinal);
        Assert.StartsWith("Conflict ", await RefusedAsync(() => _site.Conversation.SendAsync(_ada, _room.Id, id, "**Lunch?**", default)), StringComparison.Ordinal);
        // A repeated send succeeds also when its end has passed.
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(1, (await Polls.SendAsync(_ada, _room.Id, id, "**Lunch?**", draft, default)).Sequence);
    }

    [Fact]
    public async Task A_vote_is_a_row_and_a_change_of_its_message_but_no_edit_and_nothing_unread_and_repeats_change_nothing()
    {
        await SendAsync(isMultiple: true);
        var before = await _site.Rooms.FindAsync(_zoe, _room.Id, default);
        await using var follower = new Follower<MessageChanged>(stop => _site.Conversation.FollowAsync(_zoe, _room.Id, 1, stop));

        var first = await VoteAsync(_zoe, 3, 1, 1);
        var repeated = await VoteAsync(_zoe, 1, 3);
        var changed = await VoteAsync(_zoe, 2);
        var both = await VoteAsync(_ada, 2);
        var withdrawn = await VoteAsync(_zoe);
        var again = await VoteAsync(_zoe);

        Assert.Equal((2, 2, 3, 4, 5, 5), (first.Revision, repeated.Revision, changed.Revision, both.Revision, withdrawn.Revision, again.Revision));
        Assert.Equal("1:Zoe 0: 1:Zoe / 1", Show(first));
        Assert.Equal("0: 1:Zoe 0: / 1", Show(changed));
        Assert.Equal("0: 2:Zoe,Ada 0: / 2", Show(both));
        Assert.Equal("0: 1:Ada 0: / 1", Show(withdrawn));
        Assert.Equal((null, 1), (withdrawn.EditedAt, withdrawn.Sequence));
        Assert.Equal([(_ada.UserId, 2)], await RowsAsync());
        Assert.Equal(withdrawn.Poll, (await ReadAsync()).Poll);
        var after = await _site.Rooms.FindAsync(_zoe, _room.Id, default);
        Assert.Equal((before!.Unread, before.LastSequence), (after!.Unread, after.LastSequence));
        await follower.WaitForAsync(5);
        Assert.Equal(withdrawn.Poll, follower.Changes[^1].Message.Poll);
        Assert.Equal([2], await Polls.FindVoteAsync(_ada, _room.Id, 1, default));
        Assert.Empty(await Polls.FindVoteAsync(_zoe, _room.Id, 1, default));
    }

    [Fact]
    public async Task Votes_that_a_poll_does_not_have_are_refused()
    {
        await SendAsync();
        await _site.Conversation.SendAsync(_ada, _room.Id, Guid.NewGuid(), "no poll", default);
        var guest = await _site.AddPersonAsync("Guest");

        Assert.Equal("Invalid You can choose only one option.", await RefusedAsync(() => VoteAsync(_zoe, 1, 2)));
        foreach (var number in new[] { 0, -1, 4, int.MaxValue })
            Assert.Equal("Invalid This poll doesn't have that option.", await RefusedAsync(() => VoteAsync(_zoe, number)));
        Assert.StartsWith("Invalid ", await RefusedAsync(() => VoteAsync(_zoe, [.. Enumerable.Range(1, 11)])), StringComparison.Ordinal);
        Assert.Equal("NotFound There is no such poll.", await RefusedAsync(() => Polls.VoteAsync(_zoe, _room.Id, 2, [1], default)));
        Assert.Equal("NotFound There is no such poll.", await RefusedAsync(() => Polls.FindVoteAsync(_zoe, _room.Id, 2, default)));
        Assert.StartsWith("NotFound ", await RefusedAsync(() => Polls.VoteAsync(_zoe, _room.Id, 99, [1], default)), StringComparison.Ordinal);
        Assert.StartsWith("Forbidden ", await RefusedAsync(() => VoteAsync(guest, 1)), StringComparison.Ordinal);
        await _site.RoomLifecycle.ArchiveAsync(_ada, _room.Id, default);
        Assert.StartsWith("Archived ", await RefusedAsync(() => VoteAsync(_zoe, 1)), StringComparison.Ordinal);
        Assert.Empty(await RowsAsync());
        Assert.Equal(2, (await _site.Conversation.ReadLatestAsync(_zoe, _room.Id, default)).Revision);
    }

    [Fact]
    public async Task Polls_that_break_a_rule_are_refused()
    {
        foreach (var (draft, reason) in new[]
        {
            (new PollDraft(["one"]), "Invalid A poll has 2 to 10 options."),
            (new PollDraft([.. Enumerable.Range(1, 11).Select(i => $"{i}")]), "Invalid A poll has 2 to 10 options."),
            (new PollDraft(["same", " same "]), "Invalid Two options are the same: same"),
            (new PollDraft(["é", "e\u0301"]), "Invalid Two options are the same: é"),
            (new PollDraft(["one", " "]), "Invalid An option is one line of text."),
            (new PollDraft(["one", "t\nwo"]), "Invalid An option is one line of text."),
            (new PollDraft(["one", "\ud800"]), "Invalid An option is one line of text."),
            (new PollDraft(["one", null!]), "Invalid An option is one line of text."),
            (new PollDraft(["one", new string('x', 101)]), "Invalid An option has at most 100 characters."),
            (new PollDraft(["one", "two"], EndsAt: Now), "Invalid A poll must end within a year from now."),
            (new PollDraft(["one", "two"], EndsAt: Now.AddDays(367)), "Invalid A poll must end within a year from now."),
            (new PollDraft(["one", "two"]) { HasThreadOrFiles = true }, "Invalid A poll can be sent to a room only, not in a thread or with files."),
        })
            Assert.Equal(reason, await RefusedAsync(() => Polls.SendAsync(_ada, _room.Id, Guid.NewGuid(), "question", draft, default)));

        Assert.StartsWith(
            "Invalid ", await RefusedAsync(() => Polls.SendAsync(_ada, _room.Id, Guid.NewGuid(), " ", new PollDraft(["one", "two"]), default)), StringComparison.Ordinal);
        Assert.Empty((await _site.Conversation.ReadLatestAsync(_ada, _room.Id, default)).Messages);
        await Polls.SendAsync(_ada, _room.Id, Guid.NewGuid(), "question", new PollDraft([new string('x', 100), "two"], EndsAt: Now.AddDays(366)), default);
    }

    [Fact]
    public async Task Who_sent_it_or_an_owner_ends_a_poll_and_others_do_not()
    {
        var admin = await _site.AddPersonAsync("Root", isAdmin: true);
        await _site.Rooms.JoinAsync(admin, _room.Id, default);
        await Polls.SendAsync(_zoe, _room.Id, Guid.NewGuid(), "first", new PollDraft(["one", "two"]), default);
        await Polls.SendAsync(_zoe, _room.Id, Guid.NewGuid(), "second", new PollDraft(["one", "two"]), default);
        await VoteAsync(_ada, 1);

        Assert.StartsWith("Forbidden ", await RefusedAsync(() => Polls.EndAsync(admin, _room.Id, 1, default)), StringComparison.Ordinal);
        var ended = await Polls.EndAsync(_zoe, _room.Id, 1, default);
        _time.Advance(TimeSpan.FromMinutes(1));
        var again = await Polls.EndAsync(_ada, _room.Id, 1, default);
        var byOwner = await Polls.EndAsync(_ada, _room.Id, 2, default);

        Assert.Equal((4, 4, 5), (ended.Revision, again.Revision, byOwner.Revision));
        Assert.Equal(Now.AddMinutes(-1), again.Poll!.EndedAt);
        Assert.Equal("Conflict This poll has ended.", await RefusedAsync(() => VoteAsync(_ada, 2)));
        Assert.Equal("Conflict This poll has ended.", await RefusedAsync(() => VoteAsync(_ada)));
        // The answer to a vote may be lost, and the poll end before it is repeated.
        Assert.Equal(4, (await VoteAsync(_ada, 1)).Revision);
        Assert.Equal([(_ada.UserId, 1)], await RowsAsync());
        Assert.Equal("NotFound There is no such poll.", await RefusedAsync(async () =>
        {
            await _site.Conversation.SendAsync(_ada, _room.Id, Guid.NewGuid(), "no poll", default);
            await Polls.EndAsync(_ada, _room.Id, 3, default);
        }));
        var direct = await _site.DirectRooms.OpenAsync(_ada, [_zoe.UserId], default);
        await Polls.SendAsync(_ada, direct.RoomId, Guid.NewGuid(), "here", new PollDraft(["one", "two"]), default);
        Assert.StartsWith("Forbidden ", await RefusedAsync(() => Polls.EndAsync(_zoe, direct.RoomId, 1, default)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Votes_after_the_end_are_refused_and_followers_see_it_when_its_time_comes()
    {
        await SendAsync(endsAt: Now.AddMinutes(10));
        await SendAsync(endsAt: Now.AddMinutes(20));
        await SendAsync();
        await VoteAsync(_zoe, 1);
        await using var follower = new Follower<MessageChanged>(stop => _site.Conversation.FollowAsync(_zoe, _room.Id, 4, stop));
        Assert.Equal(_time.GetUtcNow().AddMinutes(10), await Ends.EndDueAsync(default));

        _time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        await VoteAsync(_ada, 1);
        _time.Advance(TimeSpan.FromTicks(1));
        // Whether or not the change is written already.
        Assert.Equal("Conflict This poll has ended.", await RefusedAsync(() => VoteAsync(_ada, 2)));
        Assert.Equal(_time.GetUtcNow().AddMinutes(10), await Ends.EndDueAsync(default));
        await Ends.EndDueAsync(default);

        await follower.WaitForAsync(6);
        var ended = follower.Changes[^1].Message;
        Assert.Equal((1, 6, Now, "2:Zoe,Ada 0: 0: / 2"), (ended.Sequence, ended.Revision, ended.Poll!.EndedAt, Show(ended)));
        Assert.Equal("Conflict This poll has ended.", await RefusedAsync(() => VoteAsync(_ada, 2)));
        await VoteAsync(_ada, 2, sequence: 2);

        // An archived room learns it too, and a deleted poll has no end.
        await _site.Conversation.DeleteAsync(_ada, _room.Id, 3, default);
        await _site.RoomLifecycle.ArchiveAsync(_ada, _room.Id, default);
        _time.Advance(TimeSpan.FromMinutes(30));
        Assert.Null(await Ends.EndDueAsync(default));
        await using var db = await _site.OpenAsync();
        Assert.Equal([1L, 2], await db.Polls.Where(poll => poll.EndedAt == poll.EndsAt).Select(poll => poll.Message!.Sequence).Order().ToListAsync());
        Assert.All((await _site.Conversation.ReadLatestAsync(_ada, _room.Id, default)).Messages.Take(2), message => Assert.NotNull(message.Poll!.EndedAt));
    }

    [Fact]
    public async Task The_question_stays_after_the_first_vote_and_a_deletion_erases_options_and_votes()
    {
        await SendAsync();
        var edited = await _site.Conversation.EditAsync(_ada, _room.Id, 1, "better", default);
        Assert.Equal(("better", 3), (edited.Markdown, edited.Poll!.Options.Count));
        await VoteAsync(_zoe, 2);

        Assert.Equal(
            "Conflict You can't change the question of a poll after someone has voted.",
            await RefusedAsync(() => _site.Conversation.EditAsync(_ada, _room.Id, 1, "worse", default)));
        // What changes nothing succeeds, and so does an edit when the vote is withdrawn.
        Assert.Equal(3, (await _site.Conversation.EditAsync(_ada, _room.Id, 1, "better", default)).Revision);
        await VoteAsync(_zoe);
        Assert.Equal("last", (await _site.Conversation.EditAsync(_ada, _room.Id, 1, "last", default)).Markdown);
        await VoteAsync(_zoe, 2);
        var reacted = await _site.Services.GetRequiredService<MessageReactions>().AddAsync(_zoe, _room.Id, 1, "👍", default);
        Assert.Equal("0: 1:Zoe 0: / 1", Show(reacted));

        var deleted = await _site.Conversation.DeleteAsync(_ada, _room.Id, 1, default);

        Assert.Null(deleted.Poll);
        Assert.Null((await ReadAsync()).Poll);
        Assert.StartsWith("NotFound ", await RefusedAsync(() => VoteAsync(_zoe, 1)), StringComparison.Ordinal);
        await using var db = await _site.OpenAsync();
        Assert.Equal((0, 0, 0), (await db.Polls.CountAsync(), await db.PollOptions.CountAsync(), await db.PollVotes.CountAsync()));
    }

    [Fact]
    public async Task Votes_of_people_who_left_or_were_banned_stay()
    {
        var eve = await _site.AddPersonAsync("Eve");
        await _site.Rooms.JoinAsync(eve, _room.Id, default);
        await SendAsync();
        await VoteAsync(_zoe, 2);
        await VoteAsync(eve, 2);

        await _site.Owners.LeaveAsync(_zoe, _room.Id, newOwnerId: null, default);
        await using (var db = await _site.OpenAsync())
        {
            (await db.Users.SingleAsync(user => user.DisplayName == "Eve")).BannedAt = Now;
            await db.SaveChangesAsync();
        }

        Assert.Equal("0: 2:Zoe,Eve 0: / 2", Show(await ReadAsync()));
        Assert.StartsWith("Forbidden ", await RefusedAsync(() => VoteAsync(_zoe)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_votes_at_once_are_one_revision_and_name_the_first_people()
    {
        const int people = PollView.MaxPeople + 5;
        await SendAsync();
        var crowd = new List<ClaimsPrincipal>();
        for (var i = 0; i < people; i++)
        {
            crowd.Add(await _site.AddPersonAsync($"Person {i}"));
            await _site.Rooms.JoinAsync(crowd[i], _room.Id, default);
        }

        await using var follower = new Follower<MessageChanged>(stop => _site.Conversation.FollowAsync(_zoe, _room.Id, 1, stop));
        Task<MessageView>[] all;
        await using (var db = await _site.OpenAsync())
        {
            // The first commit waits for the lock, and the others for the first.
            using var held = await db.AcquireWriteLockAsync(default);
            all = [.. crowd.Select(person => VoteAsync(person, 2)), VoteAsync(_zoe)];
        }

        var answers = await Task.WhenAll(all);

        var newest = answers.Max(answer => answer.Revision);
        Assert.SkipWhen(TestDatabase.IsOnSqlServer, "The lock is SQLite's.");
        Assert.InRange(newest, 2, 3);
        var read = (await ReadAsync()).Poll!;
        Assert.Equal((people, people, PollView.MaxPeople, true), (read.Voters, read.Options[1].Count, read.Options[1].People.Count, read.Options[1].HasOthers));
        Assert.Equal(crowd[..PollView.MaxPeople].Select(person => person.UserId), read.Options[1].People.Select(person => person.PersonId));
        // Each answer of the last commit has the votes of all of it, and so has the event.
        Assert.All(answers.Where(answer => answer.Revision == newest), answer => Assert.Equal(read, answer.Poll));
        await follower.WaitForAsync(newest);
        Assert.Equal(read, follower.Changes[^1].Message.Poll);

        // The people after those who are named follow them.
        var others = (await VoteAsync(crowd[2], 1)).Poll!;
        Assert.Equal(
            [.. crowd[..2], .. crowd[3..(PollView.MaxPeople + 1)]],
            others.Options[1].People.Select(person => crowd.Single(one => one.UserId == person.PersonId)));
        Assert.All(others.Options[1].People, person => Assert.StartsWith("Person ", person.Name, StringComparison.Ordinal));
        Assert.Equal(people, others.Voters);
        var own = _site.Services.GetRequiredService<OwnVotes>();
        Assert.Equal([new OwnMark<int>(crowd[^1].UserId, 1, 2)], await own.FindAsync(crowd[^1], _room.Id, [1, 2], default));
        await _site.RoomSettings.ChangeAsync(_ada, _room.Id, new RoomEdit(Kind: RoomKind.Private), default);
        await _site.Owners.LeaveAsync(crowd[^1], _room.Id, newOwnerId: null, default);
        Assert.Empty(await own.FindAsync(crowd[^1], _room.Id, [1], default));
        Assert.StartsWith("NotFound ", await RefusedAsync(() => Polls.FindVoteAsync(crowd[^1], _room.Id, 1, default)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_anonymous_poll_names_nobody_and_each_finds_only_the_own_vote()
    {
        await Polls.SendAsync(_ada, _room.Id, Guid.NewGuid(), "secret", new PollDraft(["one", "two"], IsAnonymous: true), default);

        var voted = await VoteAsync(_zoe, 2);
        var changed = await VoteAsync(_zoe, 1);

        // In a quiet room a count that rises would reveal what she chose.
        Assert.Equal(("0: 0: / 1", "0: 0: / 1"), (Show(voted), Show(changed)));
        Assert.Equal("0: 0: / 1", Show(await ReadAsync()));
        Assert.DoesNotContain(_zoe.UserId, changed.PersonIds);
        await using var db = await _site.OpenAsync();
        var state = await db.Messages.Where(message => message.Sequence == 1).Select(message => message.PollState).SingleAsync();
        Assert.Equal("1 -a - -\n1  one\n0  two", state);
        Assert.Equal([1], await Polls.FindVoteAsync(_zoe, _room.Id, 1, default));
        Assert.Empty(await Polls.FindVoteAsync(_ada, _room.Id, 1, default));
        Assert.Equal("1: 0: / 1", Show(await Polls.EndAsync(_ada, _room.Id, 1, default)));
        Assert.Equal("1: 0: / 1", Show(await ReadAsync()));
    }

    [Fact]
    public async Task A_new_name_is_shown_without_a_change_of_the_message()
    {
        await SendAsync();
        await VoteAsync(_zoe, 1);
        var message = await ReadAsync();
        Assert.Contains(_zoe.UserId, message.PersonIds);

        var renamed = message.By(new Dictionary<int, MessageAuthor> { [_zoe.UserId] = new("Zoë", null, false, "zoe") });

        Assert.Equal("1:Zoë 0: 0: / 1", Show(renamed));
        Assert.Same(message, message.By(new Dictionary<int, MessageAuthor> { [_zoe.UserId] = new("Zoe", null, false, "zoe") }));
    }

    private Task<MessageView> SendAsync(bool isMultiple = false, DateTime? endsAt = null) =>
        Polls.SendAsync(_ada, _room.Id, Guid.NewGuid(), "question", new PollDraft(["one", "two", "three"], isMultiple, EndsAt: endsAt), default);

    private Task<MessageView> VoteAsync(ClaimsPrincipal person, params int[] options) => VoteAsync(person, options, 1);

    private Task<MessageView> VoteAsync(ClaimsPrincipal person, int option, long sequence) => VoteAsync(person, [option], sequence);

    private Task<MessageView> VoteAsync(ClaimsPrincipal person, int[] options, long sequence) => Polls.VoteAsync(person, _room.Id, sequence, options, default);

    private async Task<MessageView> ReadAsync() => (await _site.Conversation.ReadLatestAsync(_ada, _room.Id, default)).Messages[0];

    /// <summary>The counts and the people of each option, and the number of voters.</summary>
    private static string Show(MessageView message) =>
        $"{string.Join(' ', message.Poll!.Options.Select(option => $"{option.Count}:{string.Join(',', option.People.Select(person => person.Name))}"))} / {message.Poll.Voters}";

    private async Task<(int UserId, int Number)[]> RowsAsync()
    {
        await using var db = await _site.OpenAsync();
        var rows = await db.PollVotes.OrderBy(row => row.Id).ToListAsync();
        return [.. rows.Select(row => (row.UserId, row.Number))];
    }

    private static async Task<string> RefusedAsync(Func<Task> command)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(command);
        return $"{refused.Code} {refused.Message}";
    }
}
