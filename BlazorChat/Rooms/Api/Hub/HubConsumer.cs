using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using Microsoft.AspNetCore.SignalR;

namespace BlazorChat.Rooms.Api.Hub;

/// <summary>A connection to the hub. It forwards the events of its user and of open rooms, and ends with the session.</summary>
internal sealed class HubConsumer(HubCallerContext connection, IChatClient peer)
    : Consumer, IHandle<MembershipChanged>, IHandle<RoomChanged>, IHandle<MentionsChanged>, IHandle<EventGap>
{
    private const int MaxFollows = 32;

    private static readonly TimeSpan SignInEndedTimeout = TimeSpan.FromMilliseconds(500);

    private int _follows;

    /// <summary>True when the session has ended; further calls are refused.</summary>
    public bool HasEnded { get; private set; }

    protected override IEnumerable<string> Groups => [RoomGroups.All, RoomGroups.User(Scope.User.UserId)];

    public static HubConsumer Of(HubCallerContext connection) => (HubConsumer)connection.Items[typeof(HubConsumer)]!;

    public async ValueTask HandleAsync(MembershipChanged message, CancellationToken cancellationToken) =>
        await peer.MembershipChanged(message.RoomId, message.IsMember);

    public async ValueTask HandleAsync(RoomChanged message, CancellationToken cancellationToken) =>
        await peer.RoomChanged(ChatRoomState.From(message));

    public async ValueTask HandleAsync(MentionsChanged message, CancellationToken cancellationToken) =>
        await peer.MentionsChanged(message.RoomId);

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

    private async Task EndAsync()
    {
        HasEnded = true;
        // The timeout is for a peer that does not read.
        await peer.SignInEnded("The sign-in has ended.").WaitAsync(SignInEndedTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        connection.Abort();
    }
}
