using Microsoft.Extensions.Localization;

namespace BlazorChat.Common.Localization;

/// <summary>The texts of a feature for components. Those with arguments get the right particles (<see cref="KoreanParticles"/>).</summary>
internal sealed class TextLocalizer<TTexts>(IStringLocalizerFactory texts) : IStringLocalizer<TTexts>
{
    private readonly IStringLocalizer _texts = texts.Create(typeof(TTexts));

    public LocalizedString this[string name] => _texts[name];

    public LocalizedString this[string name, params object[] arguments]
    {
        get
        {
            var text = _texts[name];
            return new LocalizedString(name, TextServices.Format(text.Value, arguments), text.ResourceNotFound);
        }
    }

    public IEnumerable<LocalizedString> GetAllStrings(bool includeParentCultures) => _texts.GetAllStrings(includeParentCultures);
}
