using BlazorChat.Accounts.Presence;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Members;
using Microsoft.AspNetCore.SignalR;

namespace BlazorChat.Rooms.Api.Hub;

/// <summary>A connection to the hub. It forwards the events of its user and of open rooms, and ends with the session.</summary>
internal sealed partial class HubConsumer(
    HubCallerContext connection, IChatClient peer, PresenceDirectory presence, MemberChecks members, ILogger<HubConsumer> logger)
    : Consumer, IHandle<MembershipChanged>, IHandle<RoomChanged>, IHandle<MentionsChanged>, IHandle<RoomRead>, IHandle<ThreadRead>, IHandle<ReminderChanged>, IHandle<BotCalled>, IHandle<EventGap>
{
    private const int MaxFollows = 32;

    private static readonly TimeSpan SignInEndedTimeout = TimeSpan.FromMilliseconds(500);

    private int _follows;
    private PresenceConnection? _presence;

    /// <summary>True when the session has ended; further calls are refused.</summary>
    public bool HasEnded { get; private set; }

    protected override IEnumerable<string> Groups => [RoomGroups.All, RoomGroups.Mentions, RoomGroups.User(Scope.User.UserId)];

    public static HubConsumer Of(HubCallerContext connection) => (HubConsumer)connection.Items[typeof(HubConsumer)]!;

    protected override ValueTask OnConnectedAsync(CancellationToken cancellationToken)
    {
        _presence = presence.Open(Scope.User);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask OnDisconnectedAsync()
    {
        _presence?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Notes a call of the peer.</summary>
    public void Touch() => _presence?.Touch();

    public async ValueTask HandleAsync(MembershipChanged message, CancellationToken cancellationToken) =>
        await peer.MembershipChanged(message.RoomId, message.IsMember);

    public async ValueTask HandleAsync(RoomChanged message, CancellationToken cancellationToken)
    {
        if (message.Kind == RoomKind.Open || message.IsDeleted || await IsMemberAsync(message.RoomId, cancellationToken))
            await peer.RoomChanged(ChatRoomState.From(message));
    }

    /// <summary>A mention of all members reaches people of other rooms too, and a changed message those who have left the room.</summary>
    public async ValueTask HandleAsync(MentionsChanged message, CancellationToken cancellationToken)
    {
        if (message.IsFor(Scope.User.UserId) && await IsMemberAsync(message.RoomId, cancellationToken))
            await peer.MentionsChanged(message.RoomId);
    }

    public async ValueTask HandleAsync(RoomRead message, CancellationToken cancellationToken) =>
        await peer.RoomRead(new ChatRead(message.RoomId, message.Sequence, message.UnreadFrom, message.Mark));

    public async ValueTask HandleAsync(ThreadRead message, CancellationToken cancellationToken) =>
        await peer.ThreadRead(new ChatThreadRead(message.RoomId, message.Root, message.Reply));

    public async ValueTask HandleAsync(ReminderChanged message, CancellationToken cancellationToken)
    {
        if (message.IsDue)
            await peer.ReminderDue(message.Id);
    }

    public async ValueTask HandleAsync(BotCalled message, CancellationToken cancellationToken) => await peer.Called();

    public async ValueTask HandleAsync(EventGap message, CancellationToken cancellationToken) => await peer.Gap();

    /// <summary>Counts a follow until the result is disposed.</summary>
    /// <exception cref="HubException">The connection has too many follows.</exception>
    public IDisposable BeginFollow()
    {
        if (Interlocked.Increment(ref _follows) <= MaxFollows)
            return new OnDispose(() => Interlocked.Decrement(ref _follows));
        Interlocked.Decrement(ref _follows);
        throw HubRefusal.Create("too_many", $"One connection follows at most {MaxFollows} rooms.");
    }

    public void OnSignInEnded() => _ = EndAsync();

    /// <summary>Checks a right that may have ended since the event was published. A peer whose right cannot be checked receives a gap.</summary>
    private async Task<bool> IsMemberAsync(int roomId, CancellationToken cancellationToken)
    {
        try
        {
            return await members.IsMemberAsync(Scope.User, roomId, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogNotChecked(logger, exception, roomId);
            await peer.Gap();
            return false;
        }
    }

    private async Task EndAsync()
    {
        HasEnded = true;
        // The timeout is for a peer that does not read.
        await peer.SignInEnded("The sign-in has ended.").WaitAsync(SignInEndedTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        connection.Abort();
    }

    [LoggerMessage(1, LogLevel.Warning, "A right to room {RoomId} could not be checked; the program reads its rooms again")]
    private static partial void LogNotChecked(ILogger logger, Exception exception, int roomId);
}
