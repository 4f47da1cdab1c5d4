using BlazorChat.Common.Localization;

namespace BlazorChat.Liveblogs;

/// <summary>The texts of liveblogs: pages, the editor and refusals.</summary>
internal sealed class LiveblogTexts : Texts<LiveblogTexts>;
