using BlazorChat.Common.Localization;

namespace BlazorChat.Markup.Embeds;

/// <summary>Texts of cards.</summary>
internal sealed class EmbedTexts : Texts<EmbedTexts>;
