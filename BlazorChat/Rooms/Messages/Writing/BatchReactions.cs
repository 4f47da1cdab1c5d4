using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Messages.Writing;

/// <summary>The reactions that a transaction adds and removes. Those to one message make one revision of it, however many they are.</summary>
internal sealed class BatchReactions(BatchRows rows)
{
    private readonly Dictionary<(int RoomId, long Sequence), ReactedMessage> _reacted = [];

    /// <summary>Sets or removes a reaction; the message gets a revision with the first change.</summary>
    /// <exception cref="RefusedException">The message has too many different emoji.</exception>
    public void Apply(ReactionChange write, Message message, RoomNumbers room)
    {
        var row = new ReactionKey(write.RoomId, write.Sequence, write.PersonId, write.Emoji);
        var reacted = _reacted.GetValueOrDefault((write.RoomId, write.Sequence)) ?? new ReactedMessage(message);
        if (reacted.Changes.GetValueOrDefault(row, rows.Reactions.Contains(row)) == write.IsSet)
            return;
        if (write.IsSet)
            reacted.Add(write.Emoji, write.PersonId);
        else
            reacted.Remove(write.Emoji, write.PersonId);
        reacted.Changes[row] = write.IsSet;
        message.Reactions = ReactionView.Format(reacted.Emoji);
        if (_reacted.TryAdd((write.RoomId, write.Sequence), reacted))
            message.Revision = ++room.LastRevision;
    }

    /// <summary>Removes the reactions of a message that is deleted.</summary>
    public void Clear(Message message)
    {
        if (message.Reactions is null && !_reacted.ContainsKey((message.RoomId, message.Sequence)))
            return;
        message.Reactions = null;
        _reacted[(message.RoomId, message.Sequence)] = new ReactedMessage(message) { IsCleared = true };
    }

    /// <summary>The message with its reactions after all writes of the batch, also in the answer to one of the first writes.</summary>
    public MessageView Show(MessageView message) => _reacted.TryGetValue((message.RoomId, message.Sequence), out var reacted)
        ? message with { Reactions = ReactionView.Parse(reacted.Message.Reactions) is { } reactions ? ReactionView.With(reactions, rows.People) : null }
        : message;

    /// <summary>Writes the rows, but for new ones, which the context saves later.</summary>
    public async Task SaveAsync(ChatDbContext db, CancellationToken cancellationToken)
    {
        foreach (var ((roomId, sequence), reacted) in _reacted)
        {
            var stored = db.Reactions.Where(reaction => reaction.RoomId == roomId && reaction.Sequence == sequence);
            if (reacted.IsCleared)
                await stored.ExecuteDeleteAsync(cancellationToken);
            foreach (var (row, isSet) in reacted.Changes.Where(change => change.Value != rows.Reactions.Contains(change.Key)))
            {
                if (isSet)
                    db.Add(new Reaction { RoomId = roomId, Sequence = sequence, UserId = row.UserId, Emoji = row.Emoji });
                else
                    await stored.Where(reaction => reaction.UserId == row.UserId && reaction.Emoji == row.Emoji).ExecuteDeleteAsync(cancellationToken);
            }

            await FillAsync(stored, reacted, cancellationToken);
        }

        if (_reacted.Count > 0)
            await rows.ReadPeopleAsync(_reacted.Values.SelectMany(reacted => ReactionView.PeopleOf(reacted.Emoji)), cancellationToken);
    }

    /// <summary>Where people were removed, those who reacted after them are named.</summary>
    private static async Task FillAsync(IQueryable<Reaction> stored, ReactedMessage reacted, CancellationToken cancellationToken)
    {
        foreach (var (index, shown) in reacted.Emoji.Index().Where(item => item.Item.People.Count < Math.Min(item.Item.Count, ReactionView.MaxPeople)).ToArray())
        {
            var first = await stored.Where(reaction => reaction.Emoji == shown.Emoji)
                .OrderBy(reaction => reaction.Id)
                .Select(reaction => reaction.UserId)
                .Take(ReactionView.MaxPeople)
                .ToListAsync(cancellationToken);
            var added = reacted.Changes.Where(change => change.Value && change.Key.Emoji == shown.Emoji).Select(change => change.Key.UserId);
            reacted.Emoji[index] = shown with { People = [.. first.Union(added).Take(ReactionView.MaxPeople).Select(id => new NamedPerson(id, ""))] };
            reacted.Message.Reactions = ReactionView.Format(reacted.Emoji);
        }
    }

    private sealed class ReactedMessage(Message message)
    {
        public Message Message => message;

        /// <summary>In the order in which they were first chosen.</summary>
        public List<ReactionView> Emoji { get; } = [.. ReactionView.Parse(message.Reactions) ?? []];

        /// <summary>Whether each of these is set after the writes.</summary>
        public Dictionary<ReactionKey, bool> Changes { get; } = [];

        public bool IsCleared { get; init; }

        public void Add(string emoji, int personId)
        {
            var index = Emoji.FindIndex(shown => shown.Emoji == emoji);
            if (index < 0 && Emoji.Count == ReactionView.MaxEmoji)
                throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("TooManyReactions", ReactionView.MaxEmoji));
            var shown = index < 0 ? new ReactionView(emoji, 0, []) : Emoji[index];
            // People who are not named reacted earlier.
            var isNamed = shown.People.Count == shown.Count && shown.Count < ReactionView.MaxPeople;
            shown = new ReactionView(emoji, shown.Count + 1, isNamed ? [.. shown.People, new NamedPerson(personId, "")] : shown.People);
            if (index < 0)
                Emoji.Add(shown);
            else
                Emoji[index] = shown;
        }

        public void Remove(string emoji, int personId)
        {
            var index = Emoji.FindIndex(shown => shown.Emoji == emoji);
            var shown = Emoji[index];
            if (shown.Count == 1)
                Emoji.RemoveAt(index);
            else
                Emoji[index] = shown with { Count = shown.Count - 1, People = [.. shown.People.Where(person => person.PersonId != personId)] };
        }
    }
}
