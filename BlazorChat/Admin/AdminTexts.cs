using BlazorChat.Common.Localization;

namespace BlazorChat.Admin;

/// <summary>Texts of the pages of admins.</summary>
internal sealed class AdminTexts : Texts<AdminTexts>;
