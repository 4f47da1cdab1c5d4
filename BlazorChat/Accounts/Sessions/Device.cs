using BlazorChat.Data.Entities;

namespace BlazorChat.Accounts.Sessions;

/// <summary>What a browser says of itself, in the words in which its owner knows it.</summary>
internal static class Device
{
    // The order matters: most browsers also claim to be those after them.
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Whale/", "Whale"), ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"),
    ];

    /// <summary>"Firefox on Windows"; the beginning of what a program calls itself; "Unknown device" for nothing.</summary>
    public static string Describe(string? userAgent)
    {
        if (string.IsNullOrWhiteSpace(userAgent))
            return "Unknown device";
        var browser = Find(Browsers, userAgent);
        var system = Find(Systems, userAgent);
        if (browser is not null && system is not null)
            return $"{browser} on {system}";
        var product = string.Concat(userAgent.TakeWhile(letter => letter is not ('(' or ';')).Where(letter => letter is >= ' ' and <= '~')).Trim();
        return product.Length switch
        {
            0 => "Unknown device",
            > UserSession.MaxDeviceLength => product[..UserSession.MaxDeviceLength],
            _ => product,
        };
    }

    private static string? Find((string Mark, string Name)[] known, string userAgent) =>
        known.FirstOrDefault(entry => userAgent.Contains(entry.Mark, StringComparison.Ordinal)).Name;
}
