namespace BlazorChat.Liveblogs.Layout;

/// <summary>A page that anybody reads, whole without scripts; to strangers it comes with none but its own.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReaderPageAttribute : Attribute;
