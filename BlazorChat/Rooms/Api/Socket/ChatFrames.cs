using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using BlazorChat.Channels.WebSockets;
using BlazorChat.Feeds;
using BlazorChat.Rooms.Members;

namespace BlazorChat.Rooms.Api.Socket;

/// <summary>A frame that a program sends to a room's socket.</summary>
/// <param name="Type">The name of the command; a frame that has only a message is a send.</param>
/// <param name="ClientMessageId">A send that is repeated with the same id is stored once; without an id each send is another message.</param>
/// <param name="Sequence">
/// The message that is edited, deleted, reacted to, pinned, voted in, or whose earlier texts are read; the newest one that was read; or the first one that is unread again.
/// </param>
/// <param name="Attachments">Ids of files that were uploaded for a send.</param>
/// <param name="Thread">The message that a send replies to, or whose thread has <paramref name="Reply"/>.</param>
/// <param name="Reply">The reply that is edited, deleted, reacted to or pinned, or the newest one that was read.</param>
/// <param name="AlsoInRoom">Whether the room shows the reply of a send too.</param>
/// <param name="Before">The last item of the previous page: the id of a mention, the revision of an earlier text; null for the first page.</param>
/// <param name="Query">What is searched.</param>
/// <param name="After">The next of the previous page of results.</param>
/// <param name="Emoji">The emoji of a reaction.</param>
/// <param name="Poll">What the message of a send asks.</param>
/// <param name="Options">The numbers of all options of a vote.</param>
/// <param name="DueAt">When a scheduled message is sent.</param>
/// <param name="TimeZone">The IANA name of the zone in which that time was chosen.</param>
/// <param name="Preview">The preview that is removed; null for all of the message.</param>
/// <param name="Reminder">The reminder that is snoozed or ended.</param>
internal sealed record ChatCommand(
    string? Type,
    Guid? ClientMessageId,
    long? Sequence,
    string? Message,
    IReadOnlyList<Guid>? Attachments = null,
    long? Thread = null,
    long? Reply = null,
    bool? AlsoInRoom = null,
    long? Before = null,
    string? Query = null,
    string? After = null,
    string? Emoji = null,
    ChatNewPoll? Poll = null,
    IReadOnlyList<int>? Options = null,
    DateTimeOffset? DueAt = null,
    string? TimeZone = null,
    Guid? Preview = null,
    long? Reminder = null);

/// <summary>The answer to a change of a message that is committed.</summary>
/// <param name="ClientMessageId">The id of a send; null for another command.</param>
internal sealed record ChatAccepted(Guid? ClientMessageId, long Sequence, long Revision)
{
    public string Type { get; } = "chat.message.accepted";

    /// <inheritdoc cref="ChatMessage.Thread"/>
    public long? Thread { get; init; }

    /// <inheritdoc cref="ChatMessage.Reply"/>
    public long? Reply { get; init; }

    /// <inheritdoc cref="ChatReceipt.RoomIsText"/>
    public bool? RoomIsText { get; init; }
}

/// <summary>Threads that the user follows, of any room, by their newest replies.</summary>
internal sealed record ChatThreadList(IReadOnlyList<ChatThread> Threads)
{
    public string Type { get; } = "chat.threads";
}

/// <summary>The earlier texts of an edited message, newest first.</summary>
/// <param name="Sequence">The sequence that the command had; null for a reply.</param>
/// <param name="Thread">The thread that the command had.</param>
/// <param name="Reply">The reply that the command had.</param>
internal sealed record ChatVersionList(long? Sequence, long? Thread, long? Reply, IReadOnlyList<ChatVersion> Versions)
{
    public string Type { get; } = "chat.versions";
}

/// <summary>The pinned messages of the room, those first that were pinned last.</summary>
internal sealed record ChatPinList(IReadOnlyList<ChatMessage> Messages)
{
    public string Type { get; } = "chat.pins";
}

/// <summary>Another member is typing.</summary>
internal sealed record ChatTyping(int UserId, string Name)
{
    public string Type { get; } = "chat.typing";
}

/// <summary>The members who are connected, by id.</summary>
internal sealed record ChatPresenceList(IReadOnlyList<ChatPresence> People)
{
    public string Type { get; } = "chat.presence";
}

/// <summary>The room as the peer sees it, with what is unread in it.</summary>
internal sealed record ChatRoomFrame(ChatRoom Room)
{
    public string Type { get; } = "chat.room";
}

/// <summary>A page of the messages of the room that mention the peer, newest first.</summary>
internal sealed record ChatMentionList(IReadOnlyList<ChatMention> Mentions)
{
    public string Type { get; } = "chat.mentions";
}

/// <summary>Members whose presence or status has changed, by id.</summary>
internal sealed record ChatPresenceChanged(IReadOnlyList<ChatPresence> People)
{
    public string Type { get; } = "chat.presence.changed";
}

/// <summary>The settings of the room after a change.</summary>
/// <param name="IsArchived">It can be read, and nobody writes in it.</param>
/// <param name="Version">Incremented by each change.</param>
internal sealed record ChatRoomChanged(int RoomId, string Name, bool IsPrivate, string Topic, string Description, bool IsArchived, int Version)
{
    public string Type { get; } = "chat.room.changed";

    /// <summary>Whether <c>@room</c> stays text, except in messages of owners.</summary>
    public bool OnlyOwnersMentionRoom { get; init; }
}

/// <summary>A command was not carried out; the socket stays open.</summary>
/// <param name="ClientMessageId">The id that the command had, if any.</param>
/// <param name="Sequence">The sequence that the command had, if any.</param>
/// <param name="RetryAfter">Seconds after which the command may be repeated; only at a rate limit.</param>
internal sealed record ChatError(string Code, string Message, Guid? ClientMessageId = null, long? Sequence = null, int? RetryAfter = null)
{
    public string Type { get; } = "error";

    /// <summary>The thread that the command had, if any.</summary>
    public long? Thread { get; init; }

    /// <summary>The reply that the command had, if any.</summary>
    public long? Reply { get; init; }
}

[JsonSerializable(typeof(ChatCommand))]
[JsonSerializable(typeof(ChatAccepted))]
[JsonSerializable(typeof(ChatSearched))]
[JsonSerializable(typeof(ChatMessage))]
[JsonSerializable(typeof(ChatTyping))]
[JsonSerializable(typeof(ChatPresenceList))]
[JsonSerializable(typeof(ChatThreadList))]
[JsonSerializable(typeof(ChatVersionList))]
[JsonSerializable(typeof(ChatPinList))]
[JsonSerializable(typeof(ChatVoteFrame))]
[JsonSerializable(typeof(ChatScheduleAccepted))]
[JsonSerializable(typeof(ChatScheduledList))]
[JsonSerializable(typeof(ChatReminderList))]
[JsonSerializable(typeof(ChatRoomFrame))]
[JsonSerializable(typeof(ChatMentionList))]
[JsonSerializable(typeof(ChatPresenceChanged))]
[JsonSerializable(typeof(ChatRoomChanged))]
[JsonSerializable(typeof(ChatError))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class ChatFramesJson : JsonSerializerContext;

/// <summary>The frame of a message, encoded once on a node for all sockets.</summary>
internal static class ChatFrame
{
    private static readonly ConditionalWeakTable<MessageView, byte[]> Encoded = [];

    public static ReadOnlyMemory<byte> Of(MessageView message) => Encoded.GetValue(message, Encode);

    private static byte[] Encode(MessageView message) =>
        JsonSerializer.SerializeToUtf8Bytes(ChatMessage.From(message), ChatFramesJson.Default.ChatMessage);
}

/// <summary>The frame of a page of presence.</summary>
internal static class ChatPresenceFrame
{
    public static byte[] Of(PresencePage page)
    {
        var people = ChatPresence.From(page.People);
        return page.IsComplete
            ? JsonSerializer.SerializeToUtf8Bytes(new ChatPresenceList(people), ChatFramesJson.Default.ChatPresenceList)
            : JsonSerializer.SerializeToUtf8Bytes(new ChatPresenceChanged(people), ChatFramesJson.Default.ChatPresenceChanged);
    }
}

/// <summary>The frames of a page of changes. The first block, usually the whole page, is encoded once on a node for all sockets.</summary>
internal static class ChatBlocks
{
    private static readonly ConditionalWeakTable<FeedPage<MessageChanged>, TextBlock> First = [];

    public static IEnumerable<TextBlock> Of(FeedPage<MessageChanged> page)
    {
        var block = First.GetValue(page, page => Encode(page, 0));
        yield return block;
        for (var sent = block.Count; sent < page.Changes.Count; sent += block.Count)
            yield return block = Encode(page, sent);
    }

    private static TextBlock Encode(FeedPage<MessageChanged> page, int skipped) =>
        TextBlock.Encode(page.Changes.Skip(skipped).Select(change => ChatFrame.Of(change.Message)));
}
