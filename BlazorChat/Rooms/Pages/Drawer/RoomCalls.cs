using System.Security.Claims;
using BlazorChat.Accounts.Preferences;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Markup;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Mentions;
using BlazorChat.Rooms.Messages;
using Microsoft.Extensions.Localization;

namespace BlazorChat.Rooms.Pages.Drawer;

/// <summary>
/// Decides which new messages call the reader of a page. The events of lists have only numbers, so a message that calls nobody costs a circuit a
/// comparison. The texts are read for those who are called: together for all messages that come within a moment, and from the page of newest
/// messages that the node caches. Call it on the renderer's dispatcher.
/// </summary>
/// <param name="find">Returns a room of the list; null for none.</param>
/// <param name="isWatched">Whether this reader looks at this room, on this page or on another device.</param>
/// <param name="choices">Returns how the reader wants to be notified.</param>
/// <param name="show">Calls the reader.</param>
/// <param name="withdraw">Ends a call: its message was read or deleted.</param>
/// <param name="getReader">Returns the reader.</param>
/// <param name="closed">Cancelled when the component is disposed.</param>
internal sealed partial class RoomCalls(
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
{
    /// <summary>UTF-16 code units of a message.</summary>
    private const int MaxBody = 160;

    /// <summary>The most rooms that are waiting. More have new messages only after events were lost.</summary>
    private const int MaxWaiting = 50;

    /// <summary>
    /// Messages that come meanwhile are one call, and a reader who looks at the room on another device has read them. The reads of many circuits
    /// are spread over the longer half.
    /// </summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    /// <summary>A room calls at most as often.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>The first message that may call, by room.</summary>
    private readonly Dictionary<int, long> _waiting = [];

    private readonly Dictionary<int, Called> _called = [];

    /// <summary>Messages that were deleted while a page of messages is read, which may still have them.</summary>
    private readonly HashSet<(int RoomId, long Sequence)> _deleted = [];

    private bool _isRunning;

    /// <summary>The numbers or the level of a room have changed.</summary>
    public void Update(RoomView before, RoomView after)
    {
        if (after.LastSequence > before.LastSequence && after.Level == RoomLevel.Everything)
            Add(after.Id, before.LastSequence + 1);
        if (_called.GetValueOrDefault(after.Id) is { IsShown: true } called
            && (after.ReadUpTo >= called.Sequence || after.HiddenAt >= called.Sequence || after.IsMuted))
            Withdraw(after.Id, called);
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

    /// <summary>A message was deleted.</summary>
    public void Remove(MessageDeleted deleted)
    {
        if (_called.GetValueOrDefault(deleted.RoomId) is { IsShown: true } called && called.Sequence == deleted.Sequence)
            Withdraw(deleted.RoomId, called);
        if (_isRunning)
            _deleted.Add((deleted.RoomId, deleted.Sequence));
    }

    /// <summary>The reader has left a room or was removed from it, or it was archived or deleted.</summary>
    public void Remove(int roomId)
    {
        _waiting.Remove(roomId);
        if (_called.Remove(roomId, out var called) && called.IsShown)
            _ = withdraw(roomId, called.Sequence);
    }

    private void Add(int roomId, long first)
    {
        if (IsQuiet)
        {
            // It does not call when the quiet ends either.
            var seen = FindCalled(roomId);
            _called[roomId] = seen with { Sequence = Math.Max(seen.Sequence, Math.Max(first, find(roomId)?.LastSequence ?? 0)) };
            return;
        }

        if (_waiting.Count >= MaxWaiting && !_waiting.ContainsKey(roomId))
            return;
        _waiting[roomId] = Math.Min(first, _waiting.GetValueOrDefault(roomId, first));
        if (!_isRunning)
            _ = RunAsync();
    }

    private async Task RunAsync()
    {
        _isRunning = true;
        while (_waiting.Count > 0)
        {
            await Task.Delay(Moment * (0.5 + Random.Shared.NextDouble()), time, closed)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (closed.IsCancellationRequested)
                break;
            foreach (var (roomId, first) in _waiting.Where(waiting => IsDue(waiting.Key)).ToArray())
            {
                _waiting.Remove(roomId);
                await TryCallAsync(roomId, first);
            }
        }

        _isRunning = false;
        _deleted.Clear();
    }

    private bool IsDue(int roomId) => !_called.TryGetValue(roomId, out var called) || time.GetElapsedTime(called.At) >= Interval;

    private async Task TryCallAsync(int roomId, long first)
    {
        try
        {
            await CallAsync(roomId, first);
        }
        catch (Exception exception) when (exception is RefusedException or OperationCanceledException)
        {
            // The reader has left the room, or the page.
        }
        catch (Exception exception)
        {
            LogNotRead(logger, exception, roomId);
        }
    }

    private async Task CallAsync(int roomId, long first)
    {
        if (FindCallable(roomId) is not { } room)
            return;
        var reader = await getReader();
        if (isWatched(reader.UserId, roomId))
        {
            var seen = FindCalled(roomId);
            _called[roomId] = seen with { Sequence = Math.Max(seen.Sequence, room.LastSequence) };
            return;
        }

        if (room.ReadUpTo >= Math.Max(first, room.LastSequence))
            return;
        var page = await conversation.ReadLatestAsync(reader, roomId, closed);
        if (page.Messages.Count == 0)
            return;
        var here = await FindHereAsync(reader, roomId, page.Messages.Where(message => message.Sequence >= first));
        // The reader may have read it meanwhile.
        if (FindCallable(roomId) is not { } now)
            return;
        var known = FindCalled(roomId);
        var from = Math.Max(first, Math.Max(known.Sequence, Math.Max(now.ReadUpTo!.Value, now.HiddenAt ?? 0)) + 1);
        MessageView[] calling =
        [
            .. page.Messages.Where(message => message.Sequence >= from && !_deleted.Contains((roomId, message.Sequence)) && Calls(message, now.Level, reader.UserId, here)),
        ];
        _called[roomId] = known with { Sequence = Math.Max(known.Sequence, page.Messages[^1].Sequence) };
        if (calling.Length == 0)
            return;
        var count = calling.Length + (known.IsShown ? known.Count : 0);
        _called[roomId] = new Called(calling[^1].Sequence, count, time.GetTimestamp(), IsShown: true);
        await show(Describe(now, calling[^1], count));
    }

    private Called FindCalled(int roomId) => _called.GetValueOrDefault(roomId, new Called(0, 0, time.GetTimestamp(), false));

    private bool IsQuiet => choices().QuietUntil(time.GetUtcNow().UtcDateTime) is not null;

    /// <summary>The room, if it may call now.</summary>
    private RoomView? FindCallable(int roomId) =>
        find(roomId) is { IsMember: true, IsMuted: false, IsHidden: false } room && !IsQuiet ? room : null;

    /// <summary>Those of the messages in which <c>@here</c> mentions the reader, which their texts do not reveal.</summary>
    private async Task<IReadOnlyList<long>> FindHereAsync(ClaimsPrincipal reader, int roomId, IEnumerable<MessageView> messages)
    {
        long[] sequences = [.. messages.Where(message => MentionHtml.MentionsHere(message.Html)).Select(message => message.Sequence)];
        return sequences.Length == 0 ? [] : await hereMentions.FindAsync(reader, roomId, sequences, closed);
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
            ? new RoomCall(room.Id, newest.Sequence, isOfTwo ? newest.AuthorName : text["CallTitle", newest.AuthorName, room.Name], words, choices().PlaysSound)
            : new RoomCall(
                room.Id,
                newest.Sequence,
                text["NewMessagesIn", count, room.Name],
                isOfTwo ? words : text["CallLine", newest.AuthorName, words],
                choices().PlaysSound);
    }

    private void Withdraw(int roomId, Called called)
    {
        _called[roomId] = called with { IsShown = false, Count = 0 };
        _ = withdraw(roomId, called.Sequence);
    }

    /// <param name="Sequence">Messages up to it do not call any more.</param>
    /// <param name="Count">Messages of the call that is shown.</param>
    /// <param name="At">When it called last.</param>
    private sealed record Called(long Sequence, int Count, long At, bool IsShown);

    [LoggerMessage(1, LogLevel.Warning, "New messages of room {RoomId} could not be read; they call nobody on this page")]
    private static partial void LogNotRead(ILogger logger, Exception exception, int roomId);
}
