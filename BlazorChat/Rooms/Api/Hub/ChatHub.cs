using System.Runtime.CompilerServices;
using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Presence;
using BlazorChat.Accounts.Statuses;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Feeds;
using BlazorChat.Rooms.Api.Bots;
using BlazorChat.Rooms.Bots;
using BlazorChat.Rooms.Direct;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Messages;
using BlazorChat.Rooms.Messages.Versions;
using BlazorChat.Rooms.Pins;
using BlazorChat.Rooms.Polls;
using BlazorChat.Rooms.Previews;
using BlazorChat.Rooms.Reactions;
using BlazorChat.Rooms.Reminders;
using BlazorChat.Rooms.Scheduled;
using BlazorChat.Rooms.Search;
using BlazorChat.Rooms.Threads;
using Microsoft.AspNetCore.SignalR;

namespace BlazorChat.Rooms.Api.Hub;

/// <summary>The hub for .NET programs. It has no state, so a program continues on whatever node it connects to next.</summary>
internal sealed partial class ChatHub(
    Conversation conversation,
    MessageReactions reactions,
    MessagePins pins,
    RoomPolls polls,
    ScheduledMessages scheduled,
    MessagePreviews previews,
    MessageReminders reminders,
    BotCommands botCommands,
    ChatLists lists,
    DirectRooms directRooms,
    RoomPreferences preferences,
    ThreadDirectory threads,
    ThreadFollows follows,
    EditHistory history,
    RoomSearch search,
    PresenceDirectory presence,
    RoomPresence roomPresence,
    PresenceFollows presenceFollows,
    PeopleStatus statuses,
    MemberChecks members,
    CommandLimit commands,
    ChannelLayer layer,
    ConnectionRegistry connections,
    HubConnections open,
    IHubContext<ChatHub, IChatClient> hub,
    ILogger<HubConsumer> consumerLogger,
    ILogger<ChatHub> logger)
    : Hub<IChatClient>, IChatHub
{
    private ClaimsPrincipal Caller => Context.User!;

    public override async Task OnConnectedAsync()
    {
        var consumer = new HubConsumer(Context, hub.Clients.Client(Context.ConnectionId), presence, members, consumerLogger);
        Context.Items[typeof(HubConsumer)] = consumer;
        try
        {
            await consumer.ConnectAsync(ConsumerEndpoints.CreateScope(Context.GetHttpContext()!, "hub"), layer, Context.ConnectionAborted);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogNotConnected(logger, exception);
            throw;
        }

        consumer.Scope.Track(connections, consumer.OnSignInEnded);
        open.Add(Context);
    }

    public override async Task OnDisconnectedAsync(Exception? exception)
    {
        var consumer = HubConsumer.Of(Context);
        consumer.Scope.Untrack();
        open.Remove(Context);
        await consumer.DisposeAsync();
    }

    public async Task<ChatReceipt> Send(int roomId, Guid clientMessageId, string message) =>
        ChatReceipt.For(await conversation.SendAsync(Caller, roomId, clientMessageId, message, Context.ConnectionAborted));

    // A program can omit arguments, which are then null.
    public async Task<ChatReceipt> SendFiles(int roomId, Guid clientMessageId, string message, IReadOnlyList<Guid> attachments) =>
        ChatReceipt.For(await conversation.SendAsync(Caller, roomId, clientMessageId, message ?? "", attachments ?? [], Context.ConnectionAborted));

    public async Task<ChatReceipt> Reply(
        int roomId, long thread, Guid clientMessageId, string message, IReadOnlyList<Guid> attachments, bool alsoInRoom) =>
        ChatReceipt.For(await conversation.ReplyAsync(
            Caller, roomId, thread, clientMessageId, message ?? "", attachments ?? [], alsoInRoom, Context.ConnectionAborted));

    public async Task<ChatReceipt> Edit(int roomId, long sequence, string message) =>
        ChatReceipt.For(await conversation.EditAsync(Caller, roomId, sequence, message ?? "", Context.ConnectionAborted));

    public async Task<ChatReceipt> EditReply(int roomId, long thread, long reply, string message) =>
        await Edit(roomId, await threads.FindSequenceAsync(roomId, thread, reply, Context.ConnectionAborted), message);

    public async Task<ChatReceipt> Delete(int roomId, long sequence) =>
        ChatReceipt.For(await conversation.DeleteAsync(Caller, roomId, sequence, Context.ConnectionAborted));

    public async Task<ChatReceipt> DeleteReply(int roomId, long thread, long reply) =>
        await Delete(roomId, await threads.FindSequenceAsync(roomId, thread, reply, Context.ConnectionAborted));

    public async Task<ChatReceipt> React(int roomId, long sequence, string emoji, bool isSet) =>
        ChatReceipt.For(await reactions.SetAsync(Caller, roomId, sequence, emoji ?? "", isSet, Context.ConnectionAborted));

    public async Task<ChatReceipt> ReactToReply(int roomId, long thread, long reply, string emoji, bool isSet) =>
        await React(roomId, await threads.FindSequenceAsync(roomId, thread, reply, Context.ConnectionAborted), emoji, isSet);

    public Task SetCommands(IReadOnlyList<ChatBotCommand> commands) => botCommands.SetAsync(Caller, ChatBotCommand.Read(commands), Context.ConnectionAborted);

    public async Task<IReadOnlyList<ChatCall>> Calls(long? after) => ChatCall.From(await botCommands.ListCallsAsync(Caller, after ?? 0, Context.ConnectionAborted));

    public Task AcknowledgeCall(long id) => botCommands.AcknowledgeAsync(Caller, id, Context.ConnectionAborted);

    public async Task<ChatReceipt> RemovePreview(int roomId, long sequence, Guid? preview) =>
        ChatReceipt.For(await previews.RemoveAsync(Caller, roomId, sequence, preview, Context.ConnectionAborted));

    public async Task<ChatReceipt> RemoveReplyPreview(int roomId, long thread, long reply, Guid? preview) =>
        await RemovePreview(roomId, await threads.FindSequenceAsync(roomId, thread, reply, Context.ConnectionAborted), preview);

    public async Task<ChatReceipt> Pin(int roomId, long sequence, bool isSet) =>
        ChatReceipt.For(await pins.SetAsync(Caller, roomId, sequence, isSet, Context.ConnectionAborted));

    public async Task<ChatReceipt> PinReply(int roomId, long thread, long reply, bool isSet) =>
        await Pin(roomId, await threads.FindSequenceAsync(roomId, thread, reply, Context.ConnectionAborted), isSet);

    public async Task<IReadOnlyList<ChatMessage>> Pins(int roomId)
    {
        commands.Acquire(Caller);
        return ChatMessage.From(await pins.ListAsync(Caller, roomId, Context.ConnectionAborted));
    }

    // A program can omit arguments, which are then null.
    public async Task<ChatReceipt> SendPoll(int roomId, Guid clientMessageId, string message, ChatNewPoll poll) =>
        ChatReceipt.For(await polls.SendAsync(Caller, roomId, clientMessageId, message ?? "", (poll ?? new ChatNewPoll([])).ToDraft(), Context.ConnectionAborted));

    public async Task<ChatReceipt> Vote(int roomId, long sequence, IReadOnlyList<int> options) =>
        ChatReceipt.For(await polls.VoteAsync(Caller, roomId, sequence, options ?? [], Context.ConnectionAborted));

    public async Task<ChatVote> ReadVote(int roomId, long sequence) =>
        new(sequence, await polls.FindVoteAsync(Caller, roomId, sequence, Context.ConnectionAborted));

    public async Task<ChatReceipt> EndPoll(int roomId, long sequence) =>
        ChatReceipt.For(await polls.EndAsync(Caller, roomId, sequence, Context.ConnectionAborted));

    // A program can omit arguments, which are then null.
    public Task Schedule(int roomId, Guid clientMessageId, string message, DateTimeOffset dueAt, ChatScheduleOptions? options) => scheduled.ScheduleAsync(
        Caller,
        new NewScheduled(roomId, clientMessageId, message ?? "", dueAt)
        {
            Attachments = options?.Attachments ?? [],
            ThreadRoot = options?.Thread,
            IsInRoom = options?.Thread is null || options.AlsoInRoom,
            TimeZone = options?.TimeZone,
        },
        Context.ConnectionAborted);

    public Task ChangeScheduled(Guid clientMessageId, string? message, DateTimeOffset? dueAt, string? timeZone) =>
        scheduled.ChangeAsync(Caller, clientMessageId, message, dueAt, timeZone, Context.ConnectionAborted);

    public Task CancelScheduled(Guid clientMessageId) => scheduled.CancelAsync(Caller, clientMessageId, Context.ConnectionAborted);

    public async Task<ChatReceipt> SendScheduled(Guid clientMessageId) =>
        ChatReceipt.For(await scheduled.SendNowAsync(Caller, clientMessageId, Context.ConnectionAborted));

    public async Task<IReadOnlyList<ChatScheduled>> Scheduled()
    {
        commands.Acquire(Caller);
        return ChatScheduled.From(await scheduled.ListAsync(Caller, roomId: null, Context.ConnectionAborted));
    }

    public Task Remind(int roomId, long sequence, DateTimeOffset dueAt, string? timeZone) =>
        reminders.RemindAsync(Caller, roomId, sequence, dueAt, timeZone, Context.ConnectionAborted);

    public async Task RemindOfReply(int roomId, long thread, long reply, DateTimeOffset dueAt, string? timeZone) =>
        await Remind(roomId, await threads.FindSequenceAsync(roomId, thread, reply, Context.ConnectionAborted), dueAt, timeZone);

    public Task RemindOfText(Guid clientId, string text, DateTimeOffset dueAt, string? timeZone) =>
        reminders.RemindAsync(Caller, clientId, text ?? "", dueAt, timeZone, Context.ConnectionAborted);

    public Task SnoozeReminder(long id, DateTimeOffset dueAt, string? timeZone) => reminders.SnoozeAsync(Caller, id, dueAt, timeZone, Context.ConnectionAborted);

    public Task EndReminder(long id) => reminders.EndAsync(Caller, id, Context.ConnectionAborted);

    public async Task<IReadOnlyList<ChatReminder>> Reminders()
    {
        commands.Acquire(Caller);
        return ChatReminder.From(await reminders.ListAsync(Caller, Context.ConnectionAborted));
    }

    public async Task<IReadOnlyList<ChatVersion>> Versions(int roomId, long sequence, long? before) =>
        ChatVersion.From(await history.ReadAsync(Caller, roomId, sequence, before, Context.ConnectionAborted));

    public async Task<IReadOnlyList<ChatVersion>> ReplyVersions(int roomId, long thread, long reply, long? before) =>
        await Versions(roomId, await threads.FindSequenceAsync(roomId, thread, reply, Context.ConnectionAborted), before);

    public Task MarkThreadRead(int roomId, long thread, long reply) => follows.MarkReadAsync(Caller, roomId, thread, reply, Context.ConnectionAborted);

    public Task FollowThread(int roomId, long thread, bool isFollowed) => isFollowed
        ? follows.FollowAsync(Caller, roomId, thread, Context.ConnectionAborted)
        : follows.UnfollowAsync(Caller, roomId, thread, Context.ConnectionAborted);

    public async Task<IReadOnlyList<ChatThread>> Threads(DateTime? beforeTime, long? beforeId)
    {
        commands.Acquire(Caller);
        (DateTime, long)? before = beforeTime is { } time ? (time.ToUniversalTime(), beforeId ?? 0) : null;
        return ChatThread.From(await threads.ListAsync(Caller, before, Context.ConnectionAborted));
    }

    public Task MarkRead(int roomId, long sequence) => conversation.MarkReadAsync(Caller, roomId, sequence, Context.ConnectionAborted);

    public Task MarkUnread(int roomId, long sequence) => conversation.MarkUnreadAsync(Caller, roomId, sequence, Context.ConnectionAborted);

    public Task SetLevel(int roomId, string level) =>
        preferences.SetLevelAsync(Caller, roomId, ChatLevel.Parse(level), Context.ConnectionAborted);

    public Task Typing(int roomId) => conversation.TypingAsync(Caller, roomId, Context.ConnectionAborted);

    public Task<IReadOnlyList<ChatRoom>> Rooms() => lists.ListRoomsAsync(Caller, Context.ConnectionAborted);

    // A program can omit the argument, which is then null.
    public async Task<int> OpenDirect(IReadOnlyList<int> personIds) =>
        (await directRooms.OpenAsync(Caller, personIds ?? [], Context.ConnectionAborted)).RoomId;

    public Task<IReadOnlyList<ChatMention>> Mentions(long? before) =>
        lists.ListMentionsAsync(Caller, roomId: null, before, Context.ConnectionAborted);

    // A program can omit the argument, which is then null.
    public async Task<ChatSearchPage> Search(string query, int? roomId, string? after)
    {
        var cursor = SearchCursor.Parse(after);
        if (after is not null && cursor is null)
            throw HubRefusal.Create("malformed", "This is not the next of a page.");
        return ChatSearchPage.From(await search.FindAsync(Caller, query ?? "", roomId, cursor, TimeZoneInfo.Utc, Context.ConnectionAborted));
    }

    public async Task<IReadOnlyList<ChatPresence>> Presence(int roomId) =>
        ChatPresence.From(await roomPresence.ListAsync(Caller, roomId, Context.ConnectionAborted));

    // A program can omit arguments, which are then null.
    public Task SetStatus(string emoji, string text, DateTime? until) =>
        statuses.SetAsync(Caller, emoji ?? "", text ?? "", until?.ToUniversalTime(), Context.ConnectionAborted);

    public async IAsyncEnumerable<ChatMessage> Follow(
        int roomId, long? afterRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var follow = HubConsumer.Of(Context).BeginFollow();
        await using var pages = FollowPagesAsync(roomId, afterRevision, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync(pages))
        {
            foreach (var change in pages.Current.Changes)
                yield return ChatMessage.From(change.Message);
        }
    }

    public async IAsyncEnumerable<ChatPresencePage> FollowPresence([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var follow = HubConsumer.Of(Context).BeginFollow();
        var followed = await presenceFollows.FollowAsync(Caller, roomId: null, cancellationToken);
        await using var pages = followed.GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync(pages))
            yield return ChatPresencePage.From(pages.Current);
    }

    private async IAsyncEnumerable<FeedPage<MessageChanged>> FollowPagesAsync(
        int roomId, long? afterRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var caller = Caller;
        commands.Acquire(caller);
        var revision = afterRevision ?? (await conversation.ReadLatestAsync(caller, roomId, cancellationToken)).Revision;
        await foreach (var page in conversation.FollowAsync(caller, roomId, revision, cancellationToken))
            yield return page;
    }

    private async ValueTask<bool> MoveNextAsync<TPage>(IAsyncEnumerator<TPage> pages, [CallerMemberName] string method = "")
    {
        try
        {
            return await pages.MoveNextAsync();
        }
        catch (RefusedException refused)
        {
            throw HubRefusal.Create(refused);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogInterrupted(logger, exception, method);
            throw HubRefusal.Create("interrupted", "Follow again, a room from your newest revision.");
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A program could not be connected to the hub")]
    private static partial void LogNotConnected(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "A stream of {Method} was interrupted")]
    private static partial void LogInterrupted(ILogger logger, Exception exception, string method);
}
