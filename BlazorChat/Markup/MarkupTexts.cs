using BlazorChat.Common.Localization;

namespace BlazorChat.Markup;

/// <summary>Texts in the HTML of posts.</summary>
internal sealed class MarkupTexts : Texts<MarkupTexts>;
