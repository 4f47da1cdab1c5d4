namespace BlazorChat.Attachments;

/// <summary>An endpoint that gives out what people uploaded: what it answers may do nothing in a browser.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ServesFilesAttribute : Attribute;
