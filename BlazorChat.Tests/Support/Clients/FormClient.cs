using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace BlazorChat.Tests.Support.Clients;

/// <summary>
/// A browser without scripts: keeps cookies, follows no redirect by itself, and sends forms as they stand on the page, with
/// their antiforgery token.
/// </summary>
public class FormClient : IDisposable
{
    public const string Password = "correct horse battery";

    private readonly HttpClient _http;

    /// <summary>The node that it talks to.</summary>
    public Uri Address => _http.BaseAddress!;

    /// <summary>For other clients of the same visitor.</summary>
    public CookieContainer Cookies { get; } = new();

    /// <param name="forwardedFor">What a proxy would say of the visitor's address.</param>
    /// <param name="forwardedHost">What a proxy would say of the host that the visitor asked for.</param>
    public FormClient(Uri address, string? forwardedFor = null, string? forwardedHost = null)
    {
        _http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = Cookies }) { BaseAddress = address, Timeout = TestWait.Limit };
        if (forwardedFor is not null)
            _http.DefaultRequestHeaders.Add("X-Forwarded-For", forwardedFor);
        if (forwardedHost is not null)
            _http.DefaultRequestHeaders.Add("X-Forwarded-Host", forwardedHost);
    }

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(new Uri(path, UriKind.RelativeOrAbsolute));

    public async Task<HttpResponseMessage> HeadAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(path, UriKind.Relative));
        return await _http.SendAsync(request);
    }

    public Task<HttpResponseMessage> PostAsync(string path, HttpContent content) => _http.PostAsync(new Uri(path, UriKind.Relative), content);

    /// <summary>Sends a request with headers of its own: the origin of the page that made it, say.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await _http.SendAsync(request);
    }

    public Task<HttpResponseMessage> PutAsync(string path, HttpContent content) => _http.PutAsync(new Uri(path, UriKind.Relative), content);

    public async Task<IHtmlDocument> GetPageAsync(string path)
    {
        using var response = await GetAsync(path);
        return await ReadAsync(response);
    }

    public static async Task<IHtmlDocument> ReadAsync(HttpResponseMessage response) =>
        new HtmlParser().ParseDocument(await response.Content.ReadAsStringAsync());

    /// <summary>Opens the page, fills in a form and sends it.</summary>
    /// <param name="handler">The form's name; null for the first one.</param>
    public async Task<HttpResponseMessage> SubmitAsync(string path, string? handler, params (string Name, string Value)[] fields) =>
        await (await FillInAsync(path, handler, fields))();

    /// <summary>Opens the page and fills in a form; calling the result sends it.</summary>
    public async Task<Func<Task<HttpResponseMessage>>> FillInAsync(
        string path, string? handler, params (string Name, string Value)[] fields)
    {
        var page = await GetPageAsync(path);
        var form = page.Forms.First(form => handler is null || form.QuerySelector($"input[name=_handler][value='{handler}']") is not null);
        var values = form.Elements.OfType<IHtmlInputElement>()
            .Where(input => input.Name is not null && (input.Type != "checkbox" || input.IsChecked))
            .ToDictionary(input => input.Name!, input => input.Value);
        foreach (var (name, value) in fields)
            values[name] = value;
        var target = form.GetAttribute("action") is { Length: > 0 } action ? action : path;
        return async () =>
        {
            using var content = new FormUrlEncodedContent(values);
            return await PostAsync(target, content);
        };
    }

    /// <summary>Sets up the site, as its admin; returns the invitation's path.</summary>
    public async Task<string> SetUpAsync(string name = "Ada")
    {
        using var response = await SubmitAsync("setup", "new-account", Account(name));
        ExpectRedirect(response);
        return await GetInvitationAsync();
    }

    public async Task<string> GetInvitationAsync() =>
        new Uri((await GetPageAsync("account/invitation")).QuerySelector("#invitation-link")!.TextContent).AbsolutePath;

    /// <param name="email">Made of the name when it is not given.</param>
    public Task<HttpResponseMessage> JoinAsync(string invitation, string name, string? email = null) =>
        SubmitAsync(invitation, "new-account", Account(name, email));

    /// <summary>Makes a bot, as an admin does.</summary>
    /// <param name="fields">More of the form: the rooms that it is brought into, as <c>Rooms</c>.</param>
    /// <returns>Its key.</returns>
    public async Task<string> MakeBotAsync(string name, params (string Name, string Value)[] fields)
    {
        using var response = await SubmitAsync("account/bots", "new-bot", [("Name", name), .. fields]);
        return (await ReadAsync(response)).QuerySelector("#bot-key")!.TextContent;
    }

    /// <summary>Bans somebody, as an admin does.</summary>
    /// <param name="fields">What ends with the ban: <c>ResetInvitation</c>, <c>RevokeKeys</c>.</param>
    public async Task<HttpResponseMessage> BanAsync(int userId, params (string Name, string Value)[] fields)
    {
        using var asked = await SubmitAsync("account/people", "people", ("Ban", $"{userId}"));
        var question = (await ReadAsync(asked)).Forms.First(form => form.QuerySelector("input[name=Banned]") is not null);
        using var content = new FormUrlEncodedContent(question.Elements.OfType<IHtmlInputElement>()
            .Where(input => input.Name is not null && input.Type != "checkbox")
            .Select(input => (Name: input.Name!, input.Value))
            .Concat(fields)
            .Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return await PostAsync("account/people", content);
    }

    /// <param name="name">Or the email address.</param>
    public Task<HttpResponseMessage> SignInAsync(string name, string password = Password, string returnUrl = "/") => SubmitAsync(
        $"account/login?returnUrl={Uri.EscapeDataString(returnUrl)}", "login", ("Input.Email", Email(name)), ("Input.Password", password));

    public async Task SignOutAsync()
    {
        using var response = await SubmitAsync("", null);
        ExpectRedirect(response);
    }

    /// <summary>Starts to set two-factor sign-in up.</summary>
    /// <returns>The key for the authenticator app.</returns>
    public async Task<string> StartTwoFactorAsync()
    {
        using var started = await SubmitAsync("account/two-factor", "start");
        return (await ReadAsync(started)).QuerySelector("#shared-key")!.TextContent;
    }

    /// <summary>True when the rooms open without a question.</summary>
    public async Task<bool> IsSignedInAsync()
    {
        using var response = await GetAsync("");
        return response.StatusCode == HttpStatusCode.OK;
    }

    public void Dispose()
    {
        _http.Dispose();
        GC.SuppressFinalize(this);
    }

    private static void ExpectRedirect(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.Redirect)
            throw new InvalidOperationException($"{response.RequestMessage?.RequestUri} answered {response.StatusCode}.");
    }

    private static string Email(string name) => name.Contains('@', StringComparison.Ordinal) ? name : $"{name.ToLowerInvariant()}@example.org";

    private static (string Name, string Value)[] Account(string name, string? email = null) =>
        [("Account.Name", name), ("Account.Email", email ?? Email(name)), ("Account.Password", Password)];
}
