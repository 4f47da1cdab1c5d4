using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using BlazorChat.Channels.EventStreams;
using BlazorChat.Common.Localization;
using BlazorChat.Liveblogs.Reading;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace BlazorChat.Liveblogs.Streaming;

/// <summary>A change in a socket. The text of a post is in the page and in the stream.</summary>
internal sealed record LiveblogFrame(string Type, string Liveblog, int? PostId, long Revision);

/// <summary>The answer to a message of the peer; the socket stays open.</summary>
internal sealed record LiveblogError(string Type, string Code, string Message);

/// <summary>A post in a stream.</summary>
/// <param name="Article">The HTML of the post.</param>
/// <param name="KeyEvent">The HTML of its line in the summary; null for a post that is no key event.</param>
internal sealed record PostStreamData(
    int PostId,
    string AuthorName,
    string Title,
    DateTime PublishedAt,
    DateTime? EditedAt,
    bool IsPinned,
    string Article,
    string? KeyEvent);

/// <summary>A deleted post in a stream.</summary>
internal sealed record DeletedPostStreamData(int PostId);

/// <summary>A change of the liveblog itself in a stream.</summary>
/// <param name="Head">The HTML of the page's head.</param>
internal sealed record HeadStreamData(string Title, string Standfirst, string Head);

[JsonSerializable(typeof(LiveblogFrame))]
[JsonSerializable(typeof(LiveblogError))]
[JsonSerializable(typeof(PostStreamData))]
[JsonSerializable(typeof(DeletedPostStreamData))]
[JsonSerializable(typeof(HeadStreamData))]
internal sealed partial class LiveblogFramesJson : JsonSerializerContext
{
    /// <summary>Escapes neither HTML nor Korean, which needs a third of the bytes. No page contains this JSON.</summary>
    public static LiveblogFramesJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

/// <summary>
/// The newest changes, encoded for readers. The components of the page render each of them once on a node, for all its readers of a language.
/// </summary>
internal sealed class LiveblogFrames(IServiceScopeFactory scopes, ILoggerFactory loggers)
{
    private const int Capacity = 256;

    private readonly EncodedChange?[] _slots = new EncodedChange?[Capacity];

    public EncodedChange Encode(LiveblogChanged change)
    {
        ref var slot = ref _slots[(int)((ulong)((change.FeedId * 31L) + change.Revision) % Capacity)];
        var known = Volatile.Read(ref slot);
        if (known?.IsOf(change) == true)
            return known;
        // Concurrent readers share the instance that was stored first.
        var encoded = new EncodedChange(change, this);
        var first = Interlocked.CompareExchange(ref slot, encoded, known);
        return first != known && first?.IsOf(change) == true ? first : encoded;
    }

    /// <summary>The message of an event stream.</summary>
    internal async Task<EventStreamMessage> RenderAsync(LiveblogChanged change) => new(
        change.Post switch
        {
            null => Serialize(
                new HeadStreamData(
                    change.Liveblog.Title,
                    change.Liveblog.Standfirst,
                    await RenderAsync<LiveblogHead>(new() { [nameof(LiveblogHead.Liveblog)] = change.Liveblog })),
                LiveblogFramesJson.Wire.HeadStreamData),
            { IsDeleted: true } => Serialize(new DeletedPostStreamData(change.Post.Id), LiveblogFramesJson.Wire.DeletedPostStreamData),
            _ => Serialize(await RenderAsync(change.Liveblog.Slug, change.Post), LiveblogFramesJson.Wire.PostStreamData),
        },
        change.Name,
        $"{change.Revision}");

    internal static byte[] Serialize<T>(T value, JsonTypeInfo<T> json) => JsonSerializer.SerializeToUtf8Bytes(value, json);

    private async Task<PostStreamData> RenderAsync(string slug, LiveblogPostView post) => new(
        post.Id,
        post.AuthorName,
        post.Title,
        post.PublishedAt,
        post.EditedAt,
        post.IsPinned,
        await RenderAsync<PostArticle>(new() { [nameof(PostArticle.Slug)] = slug, [nameof(PostArticle.Post)] = post }),
        post.IsKeyEvent
            ? await RenderAsync<KeyEventLine>(new()
            {
                [nameof(KeyEventLine.Slug)] = slug,
                [nameof(KeyEventLine.KeyEvent)] = new KeyEventView(post.Id, post.Title, post.PublishedAt),
            })
            : null);

    /// <summary>Each rendering has its own renderer, because a renderer holds its components until it is disposed.</summary>
    private async Task<string> RenderAsync<TComponent>(Dictionary<string, object?> parameters)
        where TComponent : IComponent
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters))).ToHtmlString());
    }
}

/// <summary>One change. Each of its encodings is made when it is read first.</summary>
internal sealed class EncodedChange(LiveblogChanged change, LiveblogFrames frames)
{
    private readonly Lock _gate = new();
    private byte[]? _frame;
    private readonly Dictionary<string, Task<EventStreamMessage>> _messages = [];

    /// <summary>The frame for sockets.</summary>
    public ReadOnlyMemory<byte> Frame => _frame ??= LiveblogFrames.Serialize(
        new LiveblogFrame(change.Name, change.Liveblog.Slug, change.Post?.Id, change.Revision), LiveblogFramesJson.Wire.LiveblogFrame);

    /// <summary>The message for event streams in the language of the caller. A failed rendering is not cached; the next reader renders again.</summary>
    public Task<EventStreamMessage> Message
    {
        get
        {
            lock (_gate)
            {
                if (_messages.GetValueOrDefault(SiteLanguages.Current) is not { IsFaulted: false, IsCanceled: false } message)
                    _messages[SiteLanguages.Current] = message = frames.RenderAsync(change);
                return message;
            }
        }
    }

    public bool IsOf(LiveblogChanged other) => change.FeedId == other.FeedId && change.Revision == other.Revision;
}
