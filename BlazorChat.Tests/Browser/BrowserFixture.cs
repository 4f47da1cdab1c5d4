using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(BlazorChat.Tests.Browser.BrowserFixture))]

namespace BlazorChat.Tests.Browser;

/// <summary>
/// One real Chromium for the whole run, started when the first test wants it. It is the build without windows: the other one has each
/// browser profile draw a window that nobody sees, at twice the time.
/// </summary>
public sealed class BrowserFixture : IAsyncDisposable
{
    /// <summary>Where everybody is.</summary>
    public static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        // A microphone that hears beeps, and may be used.
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private readonly SemaphoreSlim _starting = new(1, 1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Somebody with a browser profile of their own.</summary>
    /// <param name="address">The node that they use.</param>
    /// <param name="isTouch">With a finger instead of a mouse.</param>
    /// <param name="hasScripts">False for a browser that runs none.</param>
    public async Task<Person> NewPersonAsync(
        Uri address,
        string name,
        int width = 1280,
        int height = 800,
        ColorScheme scheme = ColorScheme.Light,
        bool isTouch = false,
        bool hasScripts = true,
        string? locale = null,
        string? zone = null)
    {
        var browser = await StartAsync();
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            HasTouch = isTouch,
            IsMobile = isTouch,
            JavaScriptEnabled = hasScripts,
            TimezoneId = zone ?? Zone.Id,
            Locale = locale,
        });
        context.SetDefaultTimeout(TestWait.LimitMilliseconds);
        return new Person(name, await context.NewPageAsync(), isTouch);
    }

    /// <summary>A member of a site at a browser profile of their own, signed in.</summary>
    /// <inheritdoc cref="NewPersonAsync(Uri, string, int, int, ColorScheme, bool, bool, string, string)"/>
    public async Task<Person> NewPersonAsync(
        Member member, int width = 1280, int height = 800, ColorScheme scheme = ColorScheme.Light, bool isTouch = false)
    {
        var person = await NewPersonAsync(member.Address, member.Name, width, height, scheme, isTouch);
        await person.Page.Context.AddCookiesAsync(member.Cookies.GetAllCookies().Select(cookie => new Cookie
        {
            Name = cookie.Name,
            Value = cookie.Value,
            Url = member.Address.ToString(),
        }));
        return person;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        _starting.Dispose();
    }

    private async Task<IBrowser> StartAsync()
    {
        await _starting.WaitAsync();
        try
        {
            Assertions.SetDefaultExpectTimeout(TestWait.LimitMilliseconds);
            _playwright ??= await Playwright.CreateAsync();
            return _browser ??= await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = "/usr/bin/chromium-headless-shell",
                Args = Arguments,
            });
        }
        finally
        {
            _starting.Release();
        }
    }
}
