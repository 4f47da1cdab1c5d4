using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Mentions;

/// <summary>Reads the names of the people that messages mention, and the states of their threads. Messages without either need no query.</summary>
internal static class MentionNames
{
    /// <summary>The most people in one query.</summary>
    private const int BatchSize = 256;

    /// <summary>The messages with the people that they mention, and with their threads.</summary>
    public static async Task<IReadOnlyList<MessageView>> AddAsync(
        ChatDbContext db, IReadOnlyList<MessageView> messages, CancellationToken cancellationToken)
    {
        if (messages.Count == 0)
            return messages;
        messages = await ThreadStates.AddAsync(db, messages, cancellationToken);
        var lookup = new MentionLookup();
        return await ReadAsync(db, lookup, messages.Select(message => message.Html), cancellationToken)
            ? [.. messages.Select(message => lookup.PeopleIn(message.Html) is { } people ? message with { Mentions = people } : message)]
            : messages;
    }

    /// <summary>Adds the people that stored HTML mentions to a lookup; returns false when it mentions nobody.</summary>
    public static async Task<bool> ReadAsync(ChatDbContext db, MentionLookup lookup, IEnumerable<string> html, CancellationToken cancellationToken)
    {
        var ids = html.SelectMany(MentionHtml.FindMentions).Select(mention => mention.Target.PersonId).OfType<int>().Distinct().ToArray();
        foreach (var batch in ids.Chunk(BatchSize))
        {
            var people = await db.Users.AsNoTracking()
                .Where(user => batch.Contains(user.Id))
                .Select(user => new MentionView(user.Id, user.Handle, user.DisplayName))
                .ToListAsync(cancellationToken);
            people.ForEach(lookup.Add);
        }

        return ids.Length > 0;
    }
}
