using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using Microsoft.AspNetCore.SignalR;

namespace BlazorChat.Rooms.Api.Hub;

/// <summary>One connection to the hub, for as long as it lasts: tells its peer what concerns them, and ends with their session.</summary>
internal sealed class HubConsumer(HubCallerContext connection, IChatClient peer) : Consumer, IHandle<MembershipChanged>, IHandle<EventGap>
{
    private const int MaxFollows = 32;

    private static readonly TimeSpan SignInEndedTimeout = TimeSpan.FromMilliseconds(500);

    private int _follows;

    /// <summary>True as soon as the peer is nobody any more; nothing they ask for is carried out then.</summary>
    public bool HasEnded { get; private set; }

    protected override IEnumerable<string> Groups => [RoomGroups.User(Scope.User.UserId)];

    public static HubConsumer Of(HubCallerContext connection) => (HubConsumer)connection.Items[typeof(HubConsumer)]!;

    public async ValueTask HandleAsync(MembershipChanged message, CancellationToken cancellationToken) =>
        await peer.MembershipChanged(message.RoomId, message.IsMember);

    public async ValueTask HandleAsync(EventGap message, CancellationToken cancellationToken) => await peer.Gap();

    /// <summary>Counts a follow until the result is disposed.</summary>
    /// <exception cref="HubException">There are too many.</exception>
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
        // A peer that does not read is not waited for.
        await peer.SignInEnded("The sign-in has ended.").WaitAsync(SignInEndedTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        connection.Abort();
    }
}
