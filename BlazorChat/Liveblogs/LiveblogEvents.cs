using System.Text.Json.Serialization;
using BlazorChat.Channels.Layer;
using BlazorChat.Data.Entities.Liveblogs;
using BlazorChat.Feeds;

namespace BlazorChat.Liveblogs;

/// <summary>A liveblog started. Those who follow all liveblogs then follow this one too.</summary>
[EventName("liveblog.started")]
public sealed record LiveblogStarted(int LiveblogId, string Slug);

/// <summary>The title or the state of a liveblog changed. Lists handle it, because they follow no liveblog.</summary>
[EventName("liveblog.head.changed")]
public sealed record LiveblogHeadChanged(int LiveblogId);

/// <summary>
/// A post was published, changed or deleted; the event has the whole post. Without a post, the liveblog itself was changed. Archiving is the last
/// change of a liveblog.
/// </summary>
/// <param name="Liveblog">The liveblog after the change.</param>
[EventName("liveblog.changed")]
public sealed record LiveblogChanged(LiveblogView Liveblog, long Revision, LiveblogPostView? Post) : IFeedChange
{
    private const long HeadItem = 0;

    [JsonIgnore]
    public int FeedId => Liveblog.Id;

    [JsonIgnore]
    public long? ItemId => Post?.Id ?? HeadItem;

    [JsonIgnore]
    public bool IsArchived => Post is null && Liveblog.State == LiveblogState.Archived;

    /// <summary>
    /// The name of the event for readers. The creation of a post may be replaced by a later change, which readers receive as <c>updated</c>; a reader
    /// without the post adds it.
    /// </summary>
    [JsonIgnore]
    public string Name => Post switch
    {
        null => IsArchived ? "liveblog.archived" : "liveblog.updated",
        { IsDeleted: true } => "liveblog.post.deleted",
        _ => Post.Revision == Post.FirstRevision ? "liveblog.post.created" : "liveblog.post.updated",
    };
}

/// <summary>Something changed that only editors see: a draft, or the list of editors.</summary>
[EventName("liveblog.desk.changed")]
public sealed record LiveblogDeskChanged(int LiveblogId);

/// <summary>An editor opened a post in a form, still has it open, or closed it.</summary>
/// <param name="Key">Identifies the form.</param>
[EventName("liveblog.post.editing")]
public sealed record LiveblogPostEditing(int LiveblogId, int PostId, Guid Key, string Name, bool IsOver);

[JsonSerializable(typeof(LiveblogStarted))]
[JsonSerializable(typeof(LiveblogHeadChanged))]
[JsonSerializable(typeof(LiveblogChanged))]
[JsonSerializable(typeof(LiveblogDeskChanged))]
[JsonSerializable(typeof(LiveblogPostEditing))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class LiveblogEventsJson : JsonSerializerContext;

/// <summary>The groups that carry the events of liveblogs.</summary>
internal static class LiveblogGroups
{
    /// <summary>Public events of all liveblogs.</summary>
    public const string All = "liveblogs";

    public static string Liveblog(int liveblogId) => $"liveblog.{liveblogId}";

    /// <summary>Events for the editors of a liveblog.</summary>
    public static string Desk(int liveblogId) => $"liveblog.{liveblogId}.desk";
}
