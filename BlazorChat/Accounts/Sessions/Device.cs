using BlazorChat.Data.Entities.Accounts;

namespace BlazorChat.Accounts.Sessions;

/// <summary>Describes the device of a session by its user agent.</summary>
internal static class Device
{
    // The order matters: most browsers also name those that follow here.
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Whale/", "Whale"), ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"),
    ];

    private const string Between = " on ";

    /// <summary>What is stored: "Firefox on Windows", or for a program the beginning of its user agent, or nothing.</summary>
    public static string Describe(string? userAgent)
    {
        if (string.IsNullOrWhiteSpace(userAgent))
            return "";
        var browser = Find(Browsers, userAgent);
        var system = Find(Systems, userAgent);
        if (browser is not null && system is not null)
            return $"{browser}{Between}{system}";
        var product = string.Concat(userAgent.TakeWhile(letter => letter is not ('(' or ';')).Where(letter => letter is >= ' ' and <= '~')).Trim();
        return product.Length switch
        {
            > UserSession.MaxDeviceLength => product[..UserSession.MaxDeviceLength],
            _ => product,
        };
    }

    /// <summary>What was stored, in the reader's language.</summary>
    public static string Show(string stored)
    {
        if (stored.Length == 0)
            return AccountTexts.Get("UnknownDevice").ToString();
        return stored.Split(Between) is [var browser, var system] && Browsers.Any(known => known.Name == browser)
            ? AccountTexts.Get("BrowserOnSystem", browser, system).ToString()
            : stored;
    }

    private static string? Find((string Mark, string Name)[] known, string userAgent) =>
        known.FirstOrDefault(entry => userAgent.Contains(entry.Mark, StringComparison.Ordinal)).Name;
}
