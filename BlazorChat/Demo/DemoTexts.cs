using BlazorChat.Common.Localization;

namespace BlazorChat.Demo;

/// <summary>Texts of the demo's sign-in. What its people write is in <c>Scenes</c>, each in their language.</summary>
internal sealed class DemoTexts : Texts<DemoTexts>;
