using System.Text.Json;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms.Composing;

/// <summary>A page without a node, for scripts that need none: it has the folder <c>wwwroot</c> at its root.</summary>
public sealed class ScriptPage(BrowserFixture browser) : IAsyncLifetime
{
    private static readonly Uri Address = new("http://scripts.test/");

    private Person _person = default!;

    public async ValueTask InitializeAsync()
    {
        _person = await browser.NewPersonAsync(Address, "Script");
        await _person.Page.RouteAsync($"{Address}**", ServeAsync);
        await _person.Page.GotoAsync("");
    }

    /// <summary>Calls a function of a module.</summary>
    /// <param name="module">The path of the module, such as <c>js/shared/names.js</c>.</param>
    public async Task<JsonElement?> CallAsync(string module, string function, params object?[] arguments) =>
        await _person.Page.EvaluateAsync<JsonElement?>(
            "async ([module, name, args]) => (await import(module))[name](...args)", new object[] { $"/{module}", function, arguments });

    public ValueTask DisposeAsync() => _person.DisposeAsync();

    private static Task ServeAsync(IRoute route)
    {
        var path = new Uri(route.Request.Url).AbsolutePath;
        return path == "/"
            ? route.FulfillAsync(new() { ContentType = "text/html", Body = "<!DOCTYPE html><title>Scripts</title>" })
            : route.FulfillAsync(new() { Path = Path.Combine(Node.Repository, "wwwroot", path[1..]), ContentType = "text/javascript" });
    }
}
