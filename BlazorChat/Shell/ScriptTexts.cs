using BlazorChat.Common.Localization;

namespace BlazorChat.Shell;

/// <summary>Texts of the scripts, which <c>wwwroot/js/shared/texts.js</c> reads from the page. Readers' pages do not have them.</summary>
internal sealed class ScriptTexts : Texts<ScriptTexts>;
