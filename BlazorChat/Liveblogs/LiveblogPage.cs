using System.ComponentModel;

namespace BlazorChat.Liveblogs;

/// <summary>A run of posts, newest first, and the liveblog's revision up to which it was complete.</summary>
[ImmutableObject(true)]
public sealed record LiveblogPage(IReadOnlyList<LiveblogPostView> Posts, long Revision);
