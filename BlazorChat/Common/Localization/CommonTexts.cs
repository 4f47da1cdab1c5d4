namespace BlazorChat.Common.Localization;

/// <summary>Texts that every feature uses.</summary>
internal sealed class CommonTexts : Texts<CommonTexts>;
