using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Messages.Writing;

/// <summary>The votes and the ends of polls of a transaction. Those of one poll make one revision of its message, however many they are.</summary>
internal sealed class BatchPolls(BatchRows rows, DateTime now)
{
    /// <summary>The longest time until a poll ends by itself.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromDays(366);

    private readonly Dictionary<Message, ChangedPoll> _changed = [];

    /// <exception cref="RefusedException">It would end at once, or too late.</exception>
    public static Poll Create(NewPoll poll, DateTime now)
    {
        if (poll.EndsAt <= now || poll.EndsAt - now > MaxTime)
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("PollEndInvalid"));
        return new Poll
        {
            IsMultiple = poll.IsMultiple,
            IsAnonymous = poll.IsAnonymous,
            EndsAt = poll.EndsAt,
            Options = [.. poll.Options.Select((text, index) => new PollOption { Number = index + 1, Text = text })],
        };
    }

    /// <summary>Whether a poll is the one that is sent again.</summary>
    public static bool IsOf(PollView? first, NewPoll? poll) => poll is null
        ? first is null
        : first is not null
            && (first.IsMultiple, first.IsAnonymous, first.EndsAt) == (poll.IsMultiple, poll.IsAnonymous, poll.EndsAt)
            && first.Options.Select(option => option.Text).SequenceEqual(poll.Options);

    /// <exception cref="RefusedException">People have voted, so the question stays.</exception>
    public static void CheckEdit(Message message)
    {
        if (PollView.Parse(message.PollState) is { Voters: > 0 })
            throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("PollQuestionFixed"));
    }

    /// <summary>Whether the time of a poll has come and it has not ended.</summary>
    public bool IsDue(Message message) => PollView.Parse(message.PollState) is { EndedAt: null, EndsAt: { } end } && end <= now;

    /// <summary>Replaces the vote of a person; the message gets a revision with the first change.</summary>
    /// <exception cref="RefusedException">The poll has ended, or one cannot choose these options.</exception>
    public void Vote(VoteChange write, Message message, RoomNumbers room)
    {
        var poll = Find(message);
        var key = new VoteKey(message.Id, write.PersonId);
        var before = poll.Votes.GetValueOrDefault(key) ?? StoredOf(key);
        // A repeated vote succeeds after the end, too.
        if (before.SequenceEqual(write.Options))
            return;
        if (poll.EndedAt is not null || IsDue(message))
            throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("PollEnded"));
        if (write.Options.Any(number => number < 1 || number > poll.Options.Count))
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("PollOptionUnknown"));
        if (write.Options.Count > 1 && !poll.IsMultiple)
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("PollOneOption"));
        poll.Replace(write.PersonId, before, write.Options);
        poll.Votes[key] = write.Options;
        Change(message, poll, room);
    }

    /// <summary>Ends a poll; one that has ended stays as it is.</summary>
    public void End(Message message, RoomNumbers room)
    {
        var poll = Find(message);
        if (poll.EndedAt is not null)
            return;
        poll.EndedAt = poll.EndsAt <= now ? poll.EndsAt : now;
        Change(message, poll, room);
    }

    /// <summary>Removes the poll of a message that is deleted.</summary>
    public void Clear(Message message)
    {
        if (message.PollState is null)
            return;
        message.PollState = null;
        _changed[message] = new ChangedPoll(message) { IsCleared = true };
    }

    /// <summary>The message with its poll after all writes of the batch, also in the answer to one of the first writes.</summary>
    public MessageView Show(MessageView message) =>
        message.Poll is not null && rows.Messages.GetValueOrDefault((message.RoomId, message.Sequence)) is { } stored && _changed.ContainsKey(stored.Message)
            ? message with { Poll = PollView.Show(stored.Message.PollState)?.With(rows.People) }
            : message;

    /// <summary>Writes the rows, but for new ones, which the context saves later.</summary>
    public async Task SaveAsync(ChatDbContext db, CancellationToken cancellationToken)
    {
        foreach (var (message, poll) in _changed)
        {
            var id = message.Id;
            if (poll.IsCleared)
            {
                await db.Polls.Where(stored => stored.MessageId == id).ExecuteDeleteAsync(cancellationToken);
                continue;
            }

            foreach (var (key, numbers) in poll.Votes)
            {
                var removed = StoredOf(key).Except(numbers).ToArray();
                if (removed.Length > 0)
                    await db.PollVotes.Where(vote => vote.MessageId == id && vote.UserId == key.UserId && removed.Contains(vote.Number)).ExecuteDeleteAsync(cancellationToken);
                db.AddRange(numbers.Except(StoredOf(key)).Select(number => new PollVote { MessageId = id, UserId = key.UserId, Number = number }));
            }

            if (poll.EndedAt is { } endedAt)
                await db.Polls.Where(stored => stored.MessageId == id).ExecuteUpdateAsync(stored => stored.SetProperty(p => p.EndedAt, endedAt), cancellationToken);
            await FillAsync(db, poll, cancellationToken);
            message.PollState = poll.View.Format();
        }

        if (_changed.Count > 0)
            await rows.ReadPeopleAsync(_changed.Keys.SelectMany(message => PollView.Parse(message.PollState)?.PersonIds ?? []), cancellationToken);
    }

    /// <summary>Where people withdrew, those who voted after them are named.</summary>
    private static async Task FillAsync(ChatDbContext db, ChangedPoll poll, CancellationToken cancellationToken)
    {
        if (poll.IsAnonymous)
            return;
        foreach (var (index, option) in poll.Options.Index().Where(item => item.Item.People.Count < Math.Min(item.Item.Count, PollView.MaxPeople)).ToArray())
        {
            var (id, number) = (poll.MessageId, index + 1);
            var first = await db.PollVotes.Where(vote => vote.MessageId == id && vote.Number == number)
                .OrderBy(vote => vote.Id)
                .Select(vote => vote.UserId)
                .Take(PollView.MaxPeople)
                .ToListAsync(cancellationToken);
            var added = poll.Votes.Where(vote => vote.Value.Contains(number)).Select(vote => vote.Key.UserId);
            poll.Options[index] = option with { People = [.. first.Union(added).Take(PollView.MaxPeople).Select(userId => new NamedPerson(userId, ""))] };
        }
    }

    private ChangedPoll Find(Message message) => _changed.GetValueOrDefault(message) ?? new ChangedPoll(message);

    private void Change(Message message, ChangedPoll poll, RoomNumbers room)
    {
        message.PollState = poll.View.Format();
        if (_changed.TryAdd(message, poll))
            message.Revision = ++room.LastRevision;
    }

    private IReadOnlyList<int> StoredOf(VoteKey key) => rows.Votes.GetValueOrDefault(key) ?? [];

    /// <summary>A poll with the changes of the writes so far.</summary>
    private sealed class ChangedPoll
    {
        private readonly PollView _before;
        private int _voters;

        public ChangedPoll(Message message)
        {
            // A deleted message has none.
            _before = PollView.Parse(message.PollState) ?? new PollView([], 0, false, false);
            (MessageId, Options, _voters, EndedAt) = (message.Id, [.. _before.Options], _before.Voters, _before.EndedAt);
        }

        public long MessageId { get; }

        public bool IsMultiple => _before.IsMultiple;

        public bool IsAnonymous => _before.IsAnonymous;

        public DateTime? EndsAt => _before.EndsAt;

        public List<PollOptionView> Options { get; }

        public DateTime? EndedAt { get; set; }

        public bool IsCleared { get; init; }

        /// <summary>The votes after the writes.</summary>
        public Dictionary<VoteKey, IReadOnlyList<int>> Votes { get; } = [];

        public PollView View => _before with { Options = Options, Voters = _voters, EndedAt = EndedAt };

        public void Replace(int personId, IReadOnlyList<int> before, IReadOnlyList<int> after)
        {
            foreach (var number in before.Except(after))
                Options[number - 1] = Without(Options[number - 1], personId);
            foreach (var number in after.Except(before))
                Options[number - 1] = With(Options[number - 1], personId);
            _voters += Math.Sign(after.Count) - Math.Sign(before.Count);
        }

        private PollOptionView With(PollOptionView option, int personId)
        {
            // People who are not named voted earlier.
            var isNamed = !IsAnonymous && !option.HasOthers && option.Count < PollView.MaxPeople;
            return option with { Count = option.Count + 1, People = isNamed ? [.. option.People, new NamedPerson(personId, "")] : option.People };
        }

        private static PollOptionView Without(PollOptionView option, int personId) =>
            option with { Count = option.Count - 1, People = [.. option.People.Where(person => person.PersonId != personId)] };
    }
}
