using BlazorChat.Common.Localization;

namespace BlazorChat.Shell;

/// <summary>Texts around every page, and of the pages for errors.</summary>
internal sealed class ShellTexts : Texts<ShellTexts>;
