using System.Runtime.CompilerServices;
using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Feeds;
using BlazorChat.Rooms.Direct;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Mentions;
using BlazorChat.Rooms.Messages;
using Microsoft.AspNetCore.SignalR;

namespace BlazorChat.Rooms.Api.Hub;

/// <summary>The hub for .NET programs. It has no state, so a program continues on whatever node it connects to next.</summary>
internal sealed partial class ChatHub(
    Conversation conversation,
    RoomDirectory rooms,
    DirectRooms directRooms,
    RoomPreferences preferences,
    MentionDirectory mentions,
    CommandLimit commands,
    ChannelLayer layer,
    ConnectionRegistry connections,
    HubConnections open,
    IHubContext<ChatHub, IChatClient> hub,
    ILogger<ChatHub> logger)
    : Hub<IChatClient>, IChatHub
{
    private ClaimsPrincipal Caller => Context.User!;

    public override async Task OnConnectedAsync()
    {
        var consumer = new HubConsumer(Context, hub.Clients.Client(Context.ConnectionId));
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

    public async Task<ChatReceipt> Edit(int roomId, long sequence, string message) =>
        ChatReceipt.For(await conversation.EditAsync(Caller, roomId, sequence, message ?? "", Context.ConnectionAborted));

    public async Task<ChatReceipt> Delete(int roomId, long sequence) =>
        ChatReceipt.For(await conversation.DeleteAsync(Caller, roomId, sequence, Context.ConnectionAborted));

    public Task MarkRead(int roomId, long sequence) => conversation.MarkReadAsync(Caller, roomId, sequence, Context.ConnectionAborted);

    public Task MarkUnread(int roomId, long sequence) => conversation.MarkUnreadAsync(Caller, roomId, sequence, Context.ConnectionAborted);

    public Task SetLevel(int roomId, string level) =>
        preferences.SetLevelAsync(Caller, roomId, ChatLevel.Parse(level), Context.ConnectionAborted);

    public Task Typing(int roomId) => conversation.TypingAsync(Caller, roomId, Context.ConnectionAborted);

    public async Task<IReadOnlyList<ChatRoom>> Rooms()
    {
        commands.Take(Caller);
        var joined = await rooms.ListDescribedAsync(Caller, Context.ConnectionAborted);
        return [.. joined.Select(ChatRoom.From)];
    }

    // A program can omit the argument, which is then null.
    public async Task<int> OpenDirect(IReadOnlyList<int> personIds) =>
        (await directRooms.OpenAsync(Caller, personIds ?? [], Context.ConnectionAborted)).RoomId;

    public async Task<IReadOnlyList<ChatMention>> Mentions(long? before)
    {
        commands.Take(Caller);
        var page = await mentions.ListAsync(Caller, before, Context.ConnectionAborted);
        return [.. page.Select(mention => new ChatMention(mention.Id, mention.RoomName, mention.IsForRoom, ChatMessage.From(mention.Message)))];
    }

    public async IAsyncEnumerable<ChatMessage> Follow(
        int roomId, long? afterRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var follow = HubConsumer.Of(Context).BeginFollow();
        await using var pages = FollowPagesAsync(roomId, afterRevision, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync(pages, roomId))
        {
            foreach (var change in pages.Current.Changes)
                yield return ChatMessage.From(change.Message);
        }
    }

    private async IAsyncEnumerable<FeedPage<MessageChanged>> FollowPagesAsync(
        int roomId, long? afterRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var caller = Caller;
        commands.Take(caller);
        var revision = afterRevision ?? (await conversation.ReadLatestAsync(caller, roomId, cancellationToken)).Revision;
        await foreach (var page in conversation.FollowAsync(caller, roomId, revision, cancellationToken))
            yield return page;
    }

    private async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<FeedPage<MessageChanged>> pages, int roomId)
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
            LogInterrupted(logger, exception, roomId);
            throw HubRefusal.Create("interrupted", "Follow again from your newest revision.");
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A program could not be connected to the hub")]
    private static partial void LogNotConnected(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "Following room {RoomId} was interrupted")]
    private static partial void LogInterrupted(ILogger logger, Exception exception, int roomId);
}
