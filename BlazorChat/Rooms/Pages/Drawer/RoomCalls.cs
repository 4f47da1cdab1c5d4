using System.Security.Claims;
using BlazorChat.Accounts.Preferences;
using BlazorChat.Accounts.Rights;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Markup;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Mentions;
using BlazorChat.Rooms.Messages;
using Microsoft.Extensions.Localization;

namespace BlazorChat.Rooms.Pages.Drawer;

/// <summary>
/// Decides which new messages of rooms call the reader of a page. The events of lists have only numbers, so a message that calls nobody costs a circuit
/// a comparison. The texts are read for those who are called, from the page of newest messages that the node caches. Call it on the renderer's
/// dispatcher.
/// </summary>
/// <param name="find">Returns a room of the list; null for none.</param>
/// <param name="isWatched">Whether this reader looks at this room, on this page or on another device.</param>
/// <param name="choices">Returns how the reader wants to be notified.</param>
/// <param name="show">Calls the reader.</param>
/// <param name="withdraw">Ends a call: its message was read or deleted.</param>
/// <param name="getReader">Returns the reader.</param>
/// <param name="closed">Cancelled when the component is disposed.</param>
internal sealed class RoomCalls(
    Func<int, RoomView?> find,
    Func<int, int, bool> isWatched,
    Func<NotificationChoices> choices,
    Func<RoomCall, Task> show,
    Func<int, long, Task> withdraw,
    Func<Task<ClaimsPrincipal>> getReader,
    Conversation conversation,
    HereMentions hereMentions,
    IStringLocalizer<RoomTexts> text,
    ILogger logger,
    TimeProvider time,
    CancellationToken closed)
    : CallQueue<int>(choices, logger, time, closed)
{
    /// <summary>The numbers or the level of a room have changed.</summary>
    public void Update(RoomView before, RoomView after)
    {
        if (after.LastSequence > before.LastSequence && after.Level == RoomLevel.Everything)
            Add(after.Id, before.LastSequence + 1);
        Withdraw((roomId, sequence) => roomId == after.Id && (after.ReadUpTo >= sequence || after.HiddenAt >= sequence || after.IsMuted));
    }

    /// <summary>A list was read again, after events that may have been lost. Mentions may be among them.</summary>
    public void Reload(RoomView? before, RoomView after)
    {
        if (before is not null)
            Update(before, after);
        var first = (before?.LastSequence ?? after.ReadUpTo) + 1;
        if (after.LastSequence >= first && after.Unread > 0)
            Add(after.Id, first.Value);
    }

    /// <summary>The reader is mentioned, alone or with other members of a room.</summary>
    public void Add(MentionsChanged mentions)
    {
        if (mentions.First is { } first && find(mentions.RoomId) is not null)
            Add(mentions.RoomId, first);
    }

    /// <summary>The reader has left a room or was removed from it, or it was archived or deleted.</summary>
    public void Remove(int roomId) => Forget(key => key == roomId);

    protected override long NewestOf(int key) => find(key)?.LastSequence ?? 0;

    protected override Task WithdrawAsync(int key, long number) => withdraw(key, number);

    protected override async Task CallAsync(int key, long first)
    {
        if (FindCallable(key) is not { } room)
            return;
        var reader = await getReader();
        if (isWatched(reader.UserId, key))
        {
            Skip(key, room.LastSequence);
            return;
        }

        if (room.ReadUpTo >= Math.Max(first, room.LastSequence))
            return;
        var page = await conversation.ReadLatestAsync(reader, key, Closed);
        if (page.Messages.Count == 0)
            return;
        var here = await FindHereAsync(reader, key, page.Messages.Where(message => message.Sequence >= first));
        // The reader may have read it meanwhile.
        if (FindCallable(key) is not { } now)
            return;
        var from = Math.Max(first, Math.Max(CalledUpTo(key), Math.Max(now.ReadUpTo!.Value, now.HiddenAt ?? 0)) + 1);
        MessageView[] calling =
        [
            .. page.Messages.Where(message => message.Sequence >= from && !IsDeleted(message) && Calls(message, now.Level, reader.UserId, here)),
        ];
        if (Note(key, page.Messages[^1].Sequence, [.. calling.Select(message => (message.Sequence, key, message.Sequence))]) is > 0 and var count)
            await show(Describe(now, calling[^1], count));
    }

    /// <summary>The room, if it may call now.</summary>
    private RoomView? FindCallable(int roomId) =>
        find(roomId) is { IsMember: true, IsMuted: false, IsHidden: false } room && !IsQuiet ? room : null;

    /// <summary>Those of the messages in which <c>@here</c> mentions the reader, which their texts do not reveal.</summary>
    private async Task<IReadOnlyList<long>> FindHereAsync(ClaimsPrincipal reader, int roomId, IEnumerable<MessageView> messages)
    {
        long[] sequences = [.. messages.Where(message => MentionHtml.MentionsHere(message.Html)).Select(message => message.Sequence)];
        return sequences.Length == 0 ? [] : await hereMentions.FindAsync(reader, roomId, sequences, Closed);
    }

    /// <param name="here">The messages in which <c>@here</c> mentions the reader.</param>
    private static bool Calls(MessageView message, RoomLevel level, int readerId, IReadOnlyList<long> here) =>
        message.AuthorId != readerId && message.DeletedAt is null
        && (level == RoomLevel.Everything || MentionHtml.FindMentions(message.Html).Any(mention => mention.Target switch
        {
            { IsHere: true } => here.Contains(message.Sequence),
            { PersonId: { } personId } => personId == readerId,
            _ => true,
        }));

    private RoomCall Describe(RoomView room, MessageView newest, int count)
    {
        var isOfTwo = room is { Kind: RoomKind.Direct, Person: not null };
        var words = HtmlText.Read(MentionHtml.Show(newest), MaxBody) is { Length: > 0 } read ? read : text["SentFile"];
        return count == 1
            ? new RoomCall(room.Id, newest.Sequence, isOfTwo ? newest.AuthorName : text["CallTitle", newest.AuthorName, room.Name], words, PlaysSound)
            : new RoomCall(
                room.Id,
                newest.Sequence,
                text["NewMessagesIn", count, room.Name],
                isOfTwo ? words : text["CallLine", newest.AuthorName, words],
                PlaysSound);
    }
}
