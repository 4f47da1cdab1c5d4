using System.Globalization;
using System.Security.Claims;
using System.Text;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Common.Names;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Accounts.Statuses;

/// <summary>Reads and changes the status of people. A change is published to the person's pages, and counts against <see cref="CommandLimit"/>.</summary>
internal sealed class PeopleStatus(IDbContextFactory<ChatDbContext> databases, CommandLimit commands, IChannelLayer layer, TimeProvider time)
{
    /// <summary>The longest time of a status that ends by itself.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromDays(31);

    /// <summary>The status of the person; null for none.</summary>
    public async Task<PersonStatus?> FindAsync(ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        var userId = person.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var stored = await db.Users.AsNoTracking()
            .Where(user => user.Id == userId)
            .Select(user => new { user.StatusEmoji, user.StatusText, user.StatusUntil })
            .SingleOrDefaultAsync(cancellationToken);
        return stored is null ? null : PersonStatus.Of(stored.StatusEmoji, stored.StatusText, stored.StatusUntil, time.GetUtcNow().UtcDateTime);
    }

    /// <summary>Sets the status; without emoji and text it is cleared.</summary>
    /// <param name="emoji">One emoji, or empty.</param>
    /// <param name="text">One line of at most <see cref="ChatUser.MaxStatusLength"/> characters, or empty.</param>
    /// <param name="until">UTC, when it ends by itself; null for never.</param>
    /// <exception cref="RefusedException">No emoji, a text that is too long, an end that has passed or is too far away, or too many commands.</exception>
    public async Task<PersonStatus?> SetAsync(ClaimsPrincipal person, string emoji, string text, DateTime? until, CancellationToken cancellationToken)
    {
        commands.Acquire(person);
        (emoji, text) = (emoji.Trim(), Clean(text));
        Check(emoji, text, until, time.GetUtcNow().UtcDateTime);
        var status = emoji.Length + text.Length == 0 ? null : new PersonStatus(emoji, text, until);
        var (storedEmoji, storedText, end) = (NullIfEmpty(emoji), NullIfEmpty(text), status?.Until);
        var userId = person.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Users.Where(user => user.Id == userId).ExecuteUpdateAsync(
            user => user
                .SetProperty(u => u.StatusEmoji, storedEmoji)
                .SetProperty(u => u.StatusText, storedText)
                .SetProperty(u => u.StatusUntil, end),
            cancellationToken);
        await layer.PublishAsync(PersonGroups.Of(userId), new StatusChanged(userId, status), CancellationToken.None);
        await layer.PublishAsync(PersonGroups.Statuses, new StatusChanged(userId, status), CancellationToken.None);
        return status;
    }

    private static void Check(string emoji, string text, DateTime? until, DateTime now)
    {
        if (!IsEmoji(emoji))
            throw new RefusedException(RefusalCode.Invalid, AccountTexts.Get("StatusEmojiInvalid"));
        if (text.Length > ChatUser.MaxStatusLength)
            throw new RefusedException(RefusalCode.Invalid, AccountTexts.Get("StatusTooLong", ChatUser.MaxStatusLength));
        if (until <= now || until - now > MaxTime)
            throw new RefusedException(RefusalCode.Invalid, AccountTexts.Get("StatusEndInvalid"));
    }

    /// <summary>The text as <see cref="NameText.Clean"/> makes it: it is shown beside the name.</summary>
    private static string Clean(string text) =>
        PlainText.IsOneLine(text) ? NameText.Clean(text) : throw new RefusedException(RefusalCode.Invalid, AccountTexts.Get("StatusUnreadable"));

    /// <summary>Whether it is empty, or one character as people see it, with a symbol in it.</summary>
    private static bool IsEmoji(string text) =>
        text.Length == 0
        || (text.Length <= ChatUser.MaxStatusEmojiLength
            && PlainText.IsOneLine(text)
            && StringInfo.GetNextTextElementLength(text) == text.Length
            && text.EnumerateRunes().Any(rune => rune.Value == 0x20e3 || Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherSymbol));

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
