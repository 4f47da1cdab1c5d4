using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using BlazorChat.Channels;

namespace BlazorChat.Liveblogs;

/// <summary>What sockets are told of a change; who wants the text reads the page or the stream.</summary>
internal sealed record LiveblogFrame(string Type, string Liveblog, int? PostId, long Revision);

/// <summary>What was sent is not carried out; the socket stays open.</summary>
internal sealed record LiveblogError(string Type, string Code, string Message);

/// <summary>What streams are told of a post; of a deleted one, or of an archived liveblog, only what there is to say.</summary>
internal sealed record LiveblogStreamData(
    int? PostId, string? AuthorName = null, string? Title = null, string? Html = null, DateTime? PublishedAt = null, DateTime? EditedAt = null)
{
    public static LiveblogStreamData From(LiveblogPostView? post) => post is null or { IsDeleted: true }
        ? new LiveblogStreamData(post?.Id)
        : new LiveblogStreamData(post.Id, post.AuthorName, post.Title, post.Html, post.PublishedAt, post.EditedAt);
}

[JsonSerializable(typeof(LiveblogFrame))]
[JsonSerializable(typeof(LiveblogError))]
[JsonSerializable(typeof(LiveblogStreamData))]
internal sealed partial class LiveblogFramesJson : JsonSerializerContext
{
    /// <summary>Leaves HTML and Korean as they are, since nothing of it is put into a page as it comes: a third of the bytes.</summary>
    public static LiveblogFramesJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

/// <summary>The newest changes as they go to readers: each is encoded once on a node, for however many there are.</summary>
internal sealed class LiveblogFrames
{
    private const int Capacity = 256;

    private readonly EncodedChange?[] _slots = new EncodedChange?[Capacity];

    public EncodedChange Encode(LiveblogChanged change)
    {
        ref var slot = ref _slots[(int)((ulong)((change.LiveblogId * 31L) + change.Revision) % Capacity)];
        var known = Volatile.Read(ref slot);
        if (known?.IsOf(change) == true)
            return known;
        // Of many who come at once, all take what the first one puts there.
        var encoded = new EncodedChange(change);
        var first = Interlocked.CompareExchange(ref slot, encoded, known);
        return first != known && first?.IsOf(change) == true ? first : encoded;
    }
}

/// <summary>One change, encoded when the first reader of its kind wants it.</summary>
internal sealed class EncodedChange(LiveblogChanged change)
{
    private readonly Lazy<byte[]> _frame = new(() => Serialize(
        new LiveblogFrame(change.Name, change.Slug, change.Post?.Id, change.Revision), LiveblogFramesJson.Wire.LiveblogFrame));

    private readonly Lazy<EventStreamMessage> _message = new(() => new EventStreamMessage(
        Serialize(LiveblogStreamData.From(change.Post), LiveblogFramesJson.Wire.LiveblogStreamData), change.Name, $"{change.Revision}"));

    /// <summary>For sockets.</summary>
    public ReadOnlyMemory<byte> Frame => _frame.Value;

    /// <summary>For event streams.</summary>
    public EventStreamMessage Message => _message.Value;

    public bool IsOf(LiveblogChanged other) => change.LiveblogId == other.LiveblogId && change.Revision == other.Revision;

    private static byte[] Serialize<T>(T value, JsonTypeInfo<T> json) => JsonSerializer.SerializeToUtf8Bytes(value, json);
}
