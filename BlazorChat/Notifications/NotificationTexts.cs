using BlazorChat.Common.Localization;

namespace BlazorChat.Notifications;

/// <summary>Texts of notifications.</summary>
internal sealed class NotificationTexts : Texts<NotificationTexts>;
