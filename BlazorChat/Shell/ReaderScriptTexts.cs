using BlazorChat.Common.Localization;

namespace BlazorChat.Shell;

/// <summary>Texts of the scripts that every page loads, those of anonymous readers too.</summary>
internal sealed class ReaderScriptTexts : Texts<ReaderScriptTexts>;
