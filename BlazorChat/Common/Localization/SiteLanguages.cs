using System.Globalization;

namespace BlazorChat.Common.Localization;

/// <summary>The languages in which the site speaks. Each has a set of resources: docs/languages.md.</summary>
internal static class SiteLanguages
{
    /// <summary>The first one is for those whose languages are not among them.</summary>
    public static readonly IReadOnlyList<CultureInfo> All = [CultureInfo.GetCultureInfo("en"), CultureInfo.GetCultureInfo("ko")];

    public static CultureInfo Default => All[0];

    /// <summary>The name of the language in which the caller reads: <c>ko</c>. Whatever is cached with texts has it in its key.</summary>
    public static string Current => CultureInfo.CurrentUICulture.Name is { Length: > 0 } name ? name : Default.Name;

    /// <summary>The language of a name, as in <c>ko</c>, or of a variety of it, as in <c>ko-KR</c>; null for one that the site does not speak.</summary>
    public static CultureInfo? Find(ReadOnlySpan<char> name)
    {
        var end = name.IndexOf('-');
        var language = end < 0 ? name : name[..end];
        foreach (var known in All)
        {
            if (language.Equals(known.Name, StringComparison.OrdinalIgnoreCase))
                return known;
        }

        return null;
    }

    /// <summary>Makes a language that of the rest of the calling method, and of what it calls.</summary>
    public static void Use(CultureInfo language)
    {
        if (CultureInfo.CurrentUICulture.Equals(language) && CultureInfo.CurrentCulture.Equals(language))
            return;
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = language;
    }

    /// <summary>Makes a language that of the caller until the result is disposed, as for a text that somebody else reads.</summary>
    /// <param name="name">Null for <see cref="Default"/>.</param>
    public static IDisposable Switch(string? name)
    {
        var restore = Capture();
        Use(Find(name) ?? Default);
        return new Restoration(restore);
    }

    /// <summary>The same callback for callers who have another language, as when another circuit publishes an event.</summary>
    public static Action<T> Bind<T>(Action<T> callback)
    {
        var ours = Capture();
        return value =>
        {
            var theirs = Capture();
            ours();
            try
            {
                callback(value);
            }
            finally
            {
                theirs();
            }
        };
    }

    /// <inheritdoc cref="Bind{T}"/>
    public static Action Bind(Action callback)
    {
        var bound = Bind<bool>(_ => callback());
        return () => bound(false);
    }

    private static Action Capture()
    {
        var (culture, language) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        return () => (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, language);
    }

    private sealed class Restoration(Action restore) : IDisposable
    {
        public void Dispose() => restore();
    }
}
