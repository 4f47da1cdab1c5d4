using System.Text.Json.Serialization;
using BlazorChat.Channels.Layer;
using BlazorChat.Data.Entities;
using BlazorChat.Feeds;

namespace BlazorChat.Liveblogs;

/// <summary>A liveblog went live: whoever follows all of them follows it too from now on.</summary>
[EventName("liveblog.started")]
public sealed record LiveblogStarted(int LiveblogId, string Slug);

/// <summary>The title or the state of a liveblog is another one: for lists, which follow none of them.</summary>
[EventName("liveblog.head.changed")]
public sealed record LiveblogHeadChanged(int LiveblogId);

/// <summary>
/// A post was published, changed or deleted: the whole of it as it is now. Or, without a post, the liveblog itself was changed;
/// when it is archived, that is the last change there will be.
/// </summary>
/// <param name="Liveblog">As it is after the change.</param>
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
    /// What it is to its readers. A post that was changed before they were told of it is <c>updated</c> at once: who does not
    /// know it yet adds it.
    /// </summary>
    [JsonIgnore]
    public string Name => Post switch
    {
        null => IsArchived ? "liveblog.archived" : "liveblog.updated",
        { IsDeleted: true } => "liveblog.post.deleted",
        _ => Post.Revision == Post.FirstRevision ? "liveblog.post.created" : "liveblog.post.updated",
    };
}

/// <summary>Something that only editors see has changed: a draft, or who they are.</summary>
[EventName("liveblog.desk.changed")]
public sealed record LiveblogDeskChanged(int LiveblogId);

/// <summary>Somebody has begun to change a post, goes on changing it, or has ended.</summary>
/// <param name="Key">Of the one form they do it in.</param>
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
    /// <summary>What everybody may know of all of them.</summary>
    public const string All = "liveblogs";

    public static string Liveblog(int liveblogId) => $"liveblog.{liveblogId}";

    /// <summary>What its editors alone may know.</summary>
    public static string Desk(int liveblogId) => $"liveblog.{liveblogId}.desk";
}
