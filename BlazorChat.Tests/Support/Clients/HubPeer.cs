using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using BlazorChat.Rooms.Api;
using BlazorChat.Rooms.Api.Bots;
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
    private readonly System.Threading.Channels.Channel<ChatRead> _reads = System.Threading.Channels.Channel.CreateUnbounded<ChatRead>();

    private readonly System.Threading.Channels.Channel<ChatThreadRead> _threadReads = System.Threading.Channels.Channel.CreateUnbounded<ChatThreadRead>();

    private readonly System.Threading.Channels.Channel<long> _reminders = System.Threading.Channels.Channel.CreateUnbounded<long>();
    private readonly System.Threading.Channels.Channel<bool> _called = System.Threading.Channels.Channel.CreateUnbounded<bool>();

    private HubPeer(HubConnection connection)
    {
        _connection = connection;
        connection.On<string>(nameof(IChatClient.SignInEnded), reason => _signInEnded.TrySetResult(reason));
        connection.On<int, bool>(nameof(IChatClient.MembershipChanged), (roomId, isMember) => _memberships.Writer.TryWrite((roomId, isMember)));
        connection.On<ChatRoomState>(nameof(IChatClient.RoomChanged), room => _rooms.Writer.TryWrite(room));
        connection.On<int>(nameof(IChatClient.MentionsChanged), roomId => _mentions.Writer.TryWrite(roomId));
        connection.On<ChatRead>(nameof(IChatClient.RoomRead), read => _reads.Writer.TryWrite(read));
        connection.On<ChatThreadRead>(nameof(IChatClient.ThreadRead), read => _threadReads.Writer.TryWrite(read));
        connection.On<long>(nameof(IChatClient.ReminderDue), id => _reminders.Writer.TryWrite(id));
        connection.On(nameof(IChatClient.Called), () => _called.Writer.TryWrite(true));
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

    /// <param name="id">A new one when it is not given.</param>
    /// <inheritdoc cref="IChatHub.Reply"/>
    public Task<ChatReceipt> ReplyAsync(int roomId, long thread, string message, bool alsoInRoom = false, Guid? id = null) =>
        InvokeAsync<ChatReceipt>(nameof(IChatHub.Reply), roomId, thread, id ?? Guid.NewGuid(), message, Array.Empty<Guid>(), alsoInRoom);

    /// <inheritdoc cref="IChatHub.EditReply"/>
    public Task<ChatReceipt> EditReplyAsync(int roomId, long thread, long reply, string message) =>
        InvokeAsync<ChatReceipt>(nameof(IChatHub.EditReply), roomId, thread, reply, message);

    /// <inheritdoc cref="IChatHub.DeleteReply"/>
    public Task<ChatReceipt> DeleteReplyAsync(int roomId, long thread, long reply) =>
        InvokeAsync<ChatReceipt>(nameof(IChatHub.DeleteReply), roomId, thread, reply);

    /// <inheritdoc cref="IChatHub.React"/>
    public Task<ChatReceipt> ReactAsync(int roomId, long sequence, string emoji, bool isSet = true) =>
        InvokeAsync<ChatReceipt>(nameof(IChatHub.React), roomId, sequence, emoji, isSet);

    /// <inheritdoc cref="IChatHub.ReactToReply"/>
    public Task<ChatReceipt> ReactToReplyAsync(int roomId, long thread, long reply, string emoji, bool isSet = true) =>
        InvokeAsync<ChatReceipt>(nameof(IChatHub.ReactToReply), roomId, thread, reply, emoji, isSet);

    /// <inheritdoc cref="IChatHub.SetCommands"/>
    public Task SetCommandsAsync(params ChatBotCommand[] commands) => _connection.InvokeAsync(nameof(IChatHub.SetCommands), commands).WaitAsync(TestWait.Limit);

    /// <inheritdoc cref="IChatHub.Calls"/>
    public Task<IReadOnlyList<ChatCall>> CallsAsync(long? after = null) => InvokeAsync<IReadOnlyList<ChatCall>>(nameof(IChatHub.Calls), after);

    /// <inheritdoc cref="IChatHub.AcknowledgeCall"/>
    public Task AcknowledgeCallAsync(long id) => _connection.InvokeAsync(nameof(IChatHub.AcknowledgeCall), id).WaitAsync(TestWait.Limit);

    /// <summary>Waits for the next <see cref="IChatClient.Called"/>.</summary>
    public async Task CalledAsync()
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        await _called.Reader.ReadAsync(timeout.Token);
    }

    /// <inheritdoc cref="IChatHub.RemovePreview"/>
    public Task<ChatReceipt> RemovePreviewAsync(int roomId, long sequence, Guid? preview = null) =>
        InvokeAsync<ChatReceipt>(nameof(IChatHub.RemovePreview), roomId, sequence, preview);

    /// <inheritdoc cref="IChatHub.RemoveReplyPreview"/>
    public Task<ChatReceipt> RemoveReplyPreviewAsync(int roomId, long thread, long reply, Guid? preview = null) =>
        InvokeAsync<ChatReceipt>(nameof(IChatHub.RemoveReplyPreview), roomId, thread, reply, preview);

    /// <inheritdoc cref="IChatHub.Pin"/>
    public Task<ChatReceipt> PinAsync(int roomId, long sequence, bool isSet = true) =>
        InvokeAsync<ChatReceipt>(nameof(IChatHub.Pin), roomId, sequence, isSet);

    /// <inheritdoc cref="IChatHub.PinReply"/>
    public Task<ChatReceipt> PinReplyAsync(int roomId, long thread, long reply, bool isSet = true) =>
        InvokeAsync<ChatReceipt>(nameof(IChatHub.PinReply), roomId, thread, reply, isSet);

    /// <inheritdoc cref="IChatHub.SendPoll"/>
    public Task<ChatReceipt> SendPollAsync(int roomId, string question, ChatNewPoll poll) =>
        InvokeAsync<ChatReceipt>(nameof(IChatHub.SendPoll), roomId, Guid.NewGuid(), question, poll);

    /// <inheritdoc cref="IChatHub.Vote"/>
    public Task<ChatReceipt> VoteAsync(int roomId, long sequence, params int[] options) =>
        InvokeAsync<ChatReceipt>(nameof(IChatHub.Vote), roomId, sequence, options);

    /// <inheritdoc cref="IChatHub.ReadVote"/>
    public Task<ChatVote> ReadVoteAsync(int roomId, long sequence) => InvokeAsync<ChatVote>(nameof(IChatHub.ReadVote), roomId, sequence);

    /// <inheritdoc cref="IChatHub.EndPoll"/>
    public Task<ChatReceipt> EndPollAsync(int roomId, long sequence) => InvokeAsync<ChatReceipt>(nameof(IChatHub.EndPoll), roomId, sequence);

    /// <inheritdoc cref="IChatHub.Pins"/>
    public Task<IReadOnlyList<ChatMessage>> PinsAsync(int roomId) => InvokeAsync<IReadOnlyList<ChatMessage>>(nameof(IChatHub.Pins), roomId);

    /// <inheritdoc cref="IChatHub.Remind"/>
    public Task RemindAsync(int roomId, long sequence, DateTimeOffset dueAt, string? timeZone = null) =>
        InvokeAsync<object?>(nameof(IChatHub.Remind), roomId, sequence, dueAt, timeZone);

    /// <inheritdoc cref="IChatHub.RemindOfReply"/>
    public Task RemindOfReplyAsync(int roomId, long thread, long reply, DateTimeOffset dueAt, string? timeZone = null) =>
        InvokeAsync<object?>(nameof(IChatHub.RemindOfReply), roomId, thread, reply, dueAt, timeZone);

    /// <inheritdoc cref="IChatHub.RemindOfText"/>
    public Task RemindOfTextAsync(Guid clientId, string text, DateTimeOffset dueAt, string? timeZone = null) =>
        InvokeAsync<object?>(nameof(IChatHub.RemindOfText), clientId, text, dueAt, timeZone);

    /// <inheritdoc cref="IChatHub.SnoozeReminder"/>
    public Task SnoozeReminderAsync(long id, DateTimeOffset dueAt, string? timeZone = null) =>
        InvokeAsync<object?>(nameof(IChatHub.SnoozeReminder), id, dueAt, timeZone);

    /// <inheritdoc cref="IChatHub.EndReminder"/>
    public Task EndReminderAsync(long id) => InvokeAsync<object?>(nameof(IChatHub.EndReminder), id);

    /// <inheritdoc cref="IChatHub.Reminders"/>
    public Task<IReadOnlyList<ChatReminder>> RemindersAsync() => InvokeAsync<IReadOnlyList<ChatReminder>>(nameof(IChatHub.Reminders));

    /// <summary>The next reminder that is due.</summary>
    public Task<long> NextReminderAsync() => _reminders.Reader.ReadAsync().AsTask().WaitAsync(TestWait.Limit);

    /// <inheritdoc cref="IChatHub.Schedule"/>
    public Task ScheduleAsync(int roomId, Guid clientMessageId, string message, DateTimeOffset dueAt, ChatScheduleOptions? options = null) =>
        InvokeAsync<object?>(nameof(IChatHub.Schedule), roomId, clientMessageId, message, dueAt, options);

    /// <inheritdoc cref="IChatHub.ChangeScheduled"/>
    public Task ChangeScheduledAsync(Guid clientMessageId, string? message, DateTimeOffset? dueAt, string? timeZone = null) =>
        InvokeAsync<object?>(nameof(IChatHub.ChangeScheduled), clientMessageId, message, dueAt, timeZone);

    /// <inheritdoc cref="IChatHub.CancelScheduled"/>
    public Task CancelScheduledAsync(Guid clientMessageId) => InvokeAsync<object?>(nameof(IChatHub.CancelScheduled), clientMessageId);

    /// <inheritdoc cref="IChatHub.SendScheduled"/>
    public Task<ChatReceipt> SendScheduledAsync(Guid clientMessageId) => InvokeAsync<ChatReceipt>(nameof(IChatHub.SendScheduled), clientMessageId);

    /// <inheritdoc cref="IChatHub.Scheduled"/>
    public Task<IReadOnlyList<ChatScheduled>> ScheduledAsync() => InvokeAsync<IReadOnlyList<ChatScheduled>>(nameof(IChatHub.Scheduled));

    /// <inheritdoc cref="IChatHub.FollowThread"/>
    public Task FollowThreadAsync(int roomId, long thread, bool isFollowed) =>
        InvokeAsync<object?>(nameof(IChatHub.FollowThread), roomId, thread, isFollowed);

    /// <inheritdoc cref="IChatHub.MarkThreadRead"/>
    public Task MarkThreadReadAsync(int roomId, long thread, long reply) =>
        InvokeAsync<object?>(nameof(IChatHub.MarkThreadRead), roomId, thread, reply);

    /// <inheritdoc cref="IChatHub.Threads"/>
    public Task<IReadOnlyList<ChatThread>> ThreadsAsync(ChatThread? before = null) =>
        InvokeAsync<IReadOnlyList<ChatThread>>(nameof(IChatHub.Threads), before?.LastReplyAt, before?.Id);

    /// <inheritdoc cref="IChatHub.Versions"/>
    public Task<IReadOnlyList<ChatVersion>> VersionsAsync(int roomId, long sequence, long? before = null) =>
        InvokeAsync<IReadOnlyList<ChatVersion>>(nameof(IChatHub.Versions), roomId, sequence, before);

    /// <inheritdoc cref="IChatHub.ReplyVersions"/>
    public Task<IReadOnlyList<ChatVersion>> ReplyVersionsAsync(int roomId, long thread, long reply, long? before = null) =>
        InvokeAsync<IReadOnlyList<ChatVersion>>(nameof(IChatHub.ReplyVersions), roomId, thread, reply, before);

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

    /// <inheritdoc cref="IChatHub.Presence"/>
    public Task<IReadOnlyList<ChatPresence>> PresenceAsync(int roomId) => InvokeAsync<IReadOnlyList<ChatPresence>>(nameof(IChatHub.Presence), roomId);

    /// <inheritdoc cref="IChatHub.Search"/>
    public Task<ChatSearchPage> SearchAsync(string query, int? roomId = null, string? after = null) =>
        InvokeAsync<ChatSearchPage>(nameof(IChatHub.Search), query, roomId, after);

    /// <inheritdoc cref="IChatHub.SetStatus"/>
    public Task SetStatusAsync(string emoji, string text, DateTime? until) => InvokeAsync<object?>(nameof(IChatHub.SetStatus), emoji, text, until);

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
    public HubFollow<ChatMessage> Follow(int roomId, long? afterRevision) => new(_connection, nameof(IChatHub.Follow), roomId, afterRevision);

    /// <inheritdoc cref="IChatHub.FollowPresence"/>
    public HubFollow<ChatPresencePage> FollowPresence() => new(_connection, nameof(IChatHub.FollowPresence));

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

    /// <summary>Waits for the next change of how far the peer has read a thread.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public Task<ChatThreadRead> NextThreadReadAsync() => _threadReads.Reader.ReadAsync().AsTask().WaitAsync(TestWait.Limit);

    /// <summary>Waits for the next change of how far the peer has read a room.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public Task<ChatRead> RoomReadAsync() => _reads.Reader.ReadAsync().AsTask().WaitAsync(TestWait.Limit);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static async Task<HubPeer> ConnectAsync(IHubConnectionBuilder builder)
    {
        var peer = new HubPeer(builder.Build());
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        await peer._connection.StartAsync(timeout.Token);
        // SignalR completes the handshake before the hub has subscribed, and answers calls afterwards: also one of an unknown method, which is
        // counted by no limit.
        await Assert.ThrowsAsync<HubException>(() => peer._connection.InvokeAsync("Unknown", timeout.Token));
        return peer;
    }

    [GeneratedRegex("HubException: (?<code>[a-z_]+): (?<reason>.+)$")]
    private static partial Regex Shape();
}

/// <summary>What a <see cref="HubPeer"/> follows: a room, or presence.</summary>
public sealed class HubFollow<T> : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopped = new();
    private readonly IAsyncEnumerator<T> _changes;

    internal HubFollow(HubConnection connection, string method, params object?[] arguments)
    {
        _changes = connection.StreamAsyncCore<T>(method, arguments, _stopped.Token).GetAsyncEnumerator();
    }

    /// <summary>Waits for the next change.</summary>
    /// <exception cref="HubException">The hub refused the follow or ended it.</exception>
    /// <exception cref="InvalidOperationException">The follow has ended.</exception>
    /// <exception cref="TimeoutException">None came within <see cref="TestWait.Limit"/>.</exception>
    public async Task<T> NextAsync() => await _changes.MoveNextAsync().AsTask().WaitAsync(TestWait.Limit)
        ? _changes.Current
        : throw new InvalidOperationException("The follow has ended.");

    /// <summary>Waits for a number of changes.</summary>
    public async Task<IReadOnlyList<T>> NextAsync(int count)
    {
        var changes = new List<T>(count);
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
