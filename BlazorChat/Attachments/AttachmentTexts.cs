using BlazorChat.Common.Localization;

namespace BlazorChat.Attachments;

/// <summary>Texts of files and pictures, and why an upload is refused.</summary>
internal sealed class AttachmentTexts : Texts<AttachmentTexts>;
