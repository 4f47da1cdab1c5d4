namespace BlazorChat.Liveblogs.Layout;

/// <summary>Marks a public page that is complete without scripts. Anonymous readers load only the scripts of the page itself.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReaderPageAttribute : Attribute;
