using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using BlazorChat.Rooms.Api;
using BlazorChat.Rooms.Api.Hub;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace BlazorChat.Tests.Support.Clients;

/// <summary>
/// A .NET program that is connected to the hub of a real node, with the unmodified client of ASP.NET Core SignalR. Every wait has the timeout
/// <see cref="TestWait.Limit"/>.
/// </summary>
/// <example>
/// <code>
/// await using var peer = await HubPeer.ConnectAsync(node.Address, bot.Key);
/// await using var follow = peer.Follow(room.Id, afterRevision: null);
/// await peer.SendAsync(room.Id, "hello");
/// var change = await follow.NextAsync();
/// </code>
/// </example>
public sealed partial class HubPeer : IAsyncDisposable
{
    private const string Address = "hubs/chat";

    private readonly HubConnection _connection;
    private readonly TaskCompletionSource<string> _signInEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Exception?> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly System.Threading.Channels.Channel<(int RoomId, bool IsMember)> _memberships =
        System.Threading.Channels.Channel.CreateUnbounded<(int RoomId, bool IsMember)>();
    private readonly System.Threading.Channels.Channel<ChatRoomState> _rooms = System.Threading.Channels.Channel.CreateUnbounded<ChatRoomState>();
    private readonly System.Threading.Channels.Channel<int> _mentions = System.Threading.Channels.Channel.CreateUnbounded<int>();

    private HubPeer(HubConnection connection)
    {
        _connection = connection;
        connection.On<string>(nameof(IChatClient.SignInEnded), reason => _signInEnded.TrySetResult(reason));
        connection.On<int, bool>(nameof(IChatClient.MembershipChanged), (roomId, isMember) => _memberships.Writer.TryWrite((roomId, isMember)));
        connection.On<ChatRoomState>(nameof(IChatClient.RoomChanged), room => _rooms.Writer.TryWrite(room));
        connection.On<int>(nameof(IChatClient.MentionsChanged), roomId => _mentions.Writer.TryWrite(roomId));
        connection.Closed += exception =>
        {
            _closed.TrySetResult(exception);
            return Task.CompletedTask;
        };
    }

    /// <summary>Connects with a bot's key.</summary>
    /// <exception cref="HttpRequestException">The hub refused the connection.</exception>
    public static Task<HubPeer> ConnectAsync(Uri node, string key) => ConnectAsync(
        new HubConnectionBuilder().WithUrl(new Uri(node, Address), options => options.AccessTokenProvider = () => Task.FromResult<string?>(key)));

    /// <summary>Connects with a visitor's cookies.</summary>
    /// <inheritdoc cref="ConnectAsync(Uri, string)"/>
    public static Task<HubPeer> ConnectAsync(Uri node, CookieContainer cookies) => ConnectAsync(
        new HubConnectionBuilder().WithUrl(new Uri(node, Address), options => options.Cookies = cookies));

    /// <summary>Sends a negotiation and returns its HTTP status.</summary>
    /// <param name="node">The address of a node.</param>
    /// <param name="key">The key of a bot; null for none.</param>
    /// <param name="cookies">The cookies of a visitor; null for none.</param>
    /// <param name="origin">The origin of a page; null for a program.</param>
    /// <param name="query">The query with its question mark, or empty.</param>
    public static async Task<HttpStatusCode> StatusAsync(
        Uri node, string? key = null, CookieContainer? cookies = null, string? origin = null, string query = "")
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = cookies ?? new() }) { Timeout = TestWait.Limit };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node, $"{Address}/negotiate{query}"));
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }

    /// <param name="id">A new one when it is not given.</param>
    /// <inheritdoc cref="IChatHub.Send"/>
    public Task<ChatReceipt> SendAsync(int roomId, string message, Guid? id = null) =>
        InvokeAsync<ChatReceipt>(nameof(IChatHub.Send), roomId, id ?? Guid.NewGuid(), message);

    /// <inheritdoc cref="IChatHub.SendFiles"/>
    public Task<ChatReceipt> SendFilesAsync(int roomId, string message, Guid id, params Guid[] attachments) =>
        InvokeAsync<ChatReceipt>(nameof(IChatHub.SendFiles), roomId, id, message, attachments);

    /// <inheritdoc cref="IChatHub.Edit"/>
    public Task<ChatReceipt> EditAsync(int roomId, long sequence, string message) =>
        InvokeAsync<ChatReceipt>(nameof(IChatHub.Edit), roomId, sequence, message);

    /// <inheritdoc cref="IChatHub.Delete"/>
    public Task<ChatReceipt> DeleteAsync(int roomId, long sequence) => InvokeAsync<ChatReceipt>(nameof(IChatHub.Delete), roomId, sequence);

    /// <inheritdoc cref="IChatHub.MarkRead"/>
    public Task MarkReadAsync(int roomId, long sequence) => InvokeAsync<object?>(nameof(IChatHub.MarkRead), roomId, sequence);

    /// <inheritdoc cref="IChatHub.MarkUnread"/>
    public Task MarkUnreadAsync(int roomId, long sequence) => InvokeAsync<object?>(nameof(IChatHub.MarkUnread), roomId, sequence);

    /// <inheritdoc cref="IChatHub.SetLevel"/>
    public Task SetLevelAsync(int roomId, string level) => InvokeAsync<object?>(nameof(IChatHub.SetLevel), roomId, level);

    /// <inheritdoc cref="IChatHub.Typing"/>
    public Task TypingAsync(int roomId) => InvokeAsync<object?>(nameof(IChatHub.Typing), roomId);

    /// <inheritdoc cref="IChatHub.Rooms"/>
    public Task<IReadOnlyList<ChatRoom>> RoomsAsync() => InvokeAsync<IReadOnlyList<ChatRoom>>(nameof(IChatHub.Rooms));

    /// <inheritdoc cref="IChatHub.OpenDirect"/>
    public Task<int> OpenDirectAsync(params int[] personIds) => InvokeAsync<int>(nameof(IChatHub.OpenDirect), personIds);

    /// <inheritdoc cref="IChatHub.Mentions"/>
    public Task<IReadOnlyList<ChatMention>> MentionsAsync(long? before = null) =>
        InvokeAsync<IReadOnlyList<ChatMention>>(nameof(IChatHub.Mentions), before);

    /// <summary>Calls a method of the hub by its name.</summary>
    /// <exception cref="HubException">The hub refused it; see <see cref="RefusedAsync"/>.</exception>
    /// <exception cref="TimeoutException">The hub did not answer.</exception>
    public Task<T> InvokeAsync<T>(string method, params object?[] arguments) => _connection.InvokeCoreAsync<T>(method, arguments).WaitAsync(TestWait.Limit);

    /// <summary>Begins to follow a room.</summary>
    /// <inheritdoc cref="IChatHub.Follow"/>
    public HubFollow Follow(int roomId, long? afterRevision) => new(_connection, roomId, afterRevision);

    /// <summary>Asserts that a call is refused in the documented format.</summary>
    /// <returns>The code, and the reason for people.</returns>
    public static async Task<(string Code, string Reason)> RefusedAsync(Func<Task> call)
    {
        var refusal = await Assert.ThrowsAsync<HubException>(call);
        var match = Shape().Match(refusal.Message);
        Assert.True(match.Success, refusal.Message);
        return (match.Groups["code"].Value, match.Groups["reason"].Value);
    }

    /// <summary>Waits for the hub to report that the sign-in has ended, and returns its reason.</summary>
    /// <exception cref="TimeoutException">The hub did not report it.</exception>
    public Task<string> SignInEndedAsync() => _signInEnded.Task.WaitAsync(TestWait.Limit);

    /// <summary>Waits for the hub to close the connection.</summary>
    /// <returns>The error of the hub, if any.</returns>
    /// <exception cref="TimeoutException">The connection is still open.</exception>
    public Task<Exception?> ClosedAsync() => _closed.Task.WaitAsync(TestWait.Limit);

    /// <summary>Waits for the next membership of the peer that starts or ends.</summary>
    /// <exception cref="TimeoutException">None did.</exception>
    public Task<(int RoomId, bool IsMember)> MembershipChangedAsync() => _memberships.Reader.ReadAsync().AsTask().WaitAsync(TestWait.Limit);

    /// <summary>Waits for the next change of the settings of a room, and skips those of others.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public async Task<ChatRoomState> RoomChangedAsync(int roomId)
    {
        while (true)
        {
            if (await NextRoomChangedAsync() is { } room && room.Id == roomId)
                return room;
        }
    }

    /// <summary>Waits for the next change of the settings of any room.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public Task<ChatRoomState> NextRoomChangedAsync() => _rooms.Reader.ReadAsync().AsTask().WaitAsync(TestWait.Limit);

    /// <summary>Waits for the next change of the peer's mentions, and returns its room.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public Task<int> MentionsChangedAsync() => _mentions.Reader.ReadAsync().AsTask().WaitAsync(TestWait.Limit);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static async Task<HubPeer> ConnectAsync(IHubConnectionBuilder builder)
    {
        var peer = new HubPeer(builder.Build());
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        await peer._connection.StartAsync(timeout.Token);
        return peer;
    }

    [GeneratedRegex("HubException: (?<code>[a-z_]+): (?<reason>.+)$")]
    private static partial Regex Shape();
}

/// <summary>A room that a <see cref="HubPeer"/> follows.</summary>
public sealed class HubFollow : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopped = new();
    private readonly IAsyncEnumerator<ChatMessage> _changes;

    internal HubFollow(HubConnection connection, int roomId, long? afterRevision)
    {
        _changes = connection.StreamAsync<ChatMessage>(nameof(IChatHub.Follow), roomId, afterRevision, _stopped.Token).GetAsyncEnumerator();
    }

    /// <summary>Waits for the next change.</summary>
    /// <exception cref="HubException">The hub refused the follow or ended it.</exception>
    /// <exception cref="InvalidOperationException">The follow has ended.</exception>
    /// <exception cref="TimeoutException">None came within <see cref="TestWait.Limit"/>.</exception>
    public async Task<ChatMessage> NextAsync() => await _changes.MoveNextAsync().AsTask().WaitAsync(TestWait.Limit)
        ? _changes.Current
        : throw new InvalidOperationException("The follow has ended.");

    /// <summary>Waits for a number of changes.</summary>
    public async Task<IReadOnlyList<ChatMessage>> NextAsync(int count)
    {
        var changes = new List<ChatMessage>(count);
        while (changes.Count < count)
            changes.Add(await NextAsync());
        return changes;
    }

    /// <summary>Stops following, and returns when the hub has confirmed it.</summary>
    /// <exception cref="TimeoutException">The hub did not confirm it.</exception>
    public async Task StopAsync()
    {
        await _stopped.CancelAsync();
        try
        {
            while (await _changes.MoveNextAsync().AsTask().WaitAsync(TestWait.Limit))
            {
                // Changes that the hub had sent already.
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        try
        {
            await _changes.DisposeAsync();
        }
        catch (Exception exception) when (exception is OperationCanceledException or NotSupportedException)
        {
            // A read was still running.
        }

        _stopped.Dispose();
    }
}
