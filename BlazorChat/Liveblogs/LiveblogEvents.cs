using System.Text.Json.Serialization;
using BlazorChat.Channels;
using BlazorChat.Feeds;

namespace BlazorChat.Liveblogs;

/// <summary>A liveblog went live: whoever follows all of them follows it too from now on.</summary>
[EventName("liveblog.started")]
public sealed record LiveblogStarted(int LiveblogId, string Slug);

/// <summary>
/// A post was created, edited or deleted: the whole of it as it is now. Or, without a post, the liveblog was archived, and this
/// is the last change that there will be.
/// </summary>
[EventName("liveblog.changed")]
public sealed record LiveblogChanged(int LiveblogId, string Slug, long Revision, LiveblogPostView? Post) : IFeedChange
{
    [JsonIgnore]
    public int FeedId => LiveblogId;

    [JsonIgnore]
    public long? ItemId => Post?.Id;

    [JsonIgnore]
    public bool IsArchived => Post is null;

    /// <summary>
    /// What it is to its readers. A post that was edited before they were told of it is <c>updated</c> at once: who does not
    /// know it yet adds it.
    /// </summary>
    [JsonIgnore]
    public string Name => Post switch
    {
        null => "liveblog.archived",
        { IsDeleted: true } => "liveblog.post.deleted",
        { EditedAt: not null } => "liveblog.post.updated",
        _ => "liveblog.post.created",
    };
}

[JsonSerializable(typeof(LiveblogStarted))]
[JsonSerializable(typeof(LiveblogChanged))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class LiveblogEventsJson : JsonSerializerContext;

/// <summary>The groups that carry the events of liveblogs.</summary>
internal static class LiveblogGroups
{
    /// <summary>What everybody may know of all of them.</summary>
    public const string All = "liveblogs";

    public static string Liveblog(int liveblogId) => $"liveblog.{liveblogId}";
}
