using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace BlazorChat.Tests.Support.Clients;

/// <summary>
/// A browser without scripts: it stores cookies, does not follow redirects, and submits forms as they are on the page, with their antiforgery
/// token. Each request has the timeout <see cref="TestWait.Limit"/>.
/// </summary>
/// <example>
/// <code>
/// using var zoe = new FormClient(node.Address);
/// using var joined = await zoe.JoinAsync(invitation, "Zoe");
/// var page = await zoe.GetPageAsync("account");
/// </code>
/// </example>
public class FormClient : IDisposable
{
    /// <summary>The password of every account that this class creates.</summary>
    public const string Password = "correct horse battery";

    private readonly HttpClient _http;

    /// <summary>The address of its node.</summary>
    public Uri Address => _http.BaseAddress!;

    /// <summary>Its cookies, for other clients of the same visitor.</summary>
    public CookieContainer Cookies { get; } = new();

    /// <summary>Creates a client without cookies.</summary>
    /// <param name="address">The address of a node.</param>
    /// <param name="forwardedFor">The <c>X-Forwarded-For</c> of a proxy; null for none.</param>
    /// <param name="forwardedHost">The <c>X-Forwarded-Host</c> of a proxy; null for none.</param>
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

    /// <summary>Sends a request with additional headers, such as the origin of the page.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
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

    /// <summary>Returns the errors on the page of a response.</summary>
    public static async Task<string> ReadErrorAsync(HttpResponseMessage response) =>
        string.Concat((await ReadAsync(response)).QuerySelectorAll("p.error").Select(error => error.TextContent));

    /// <summary>Opens a page, fills in a form and submits it.</summary>
    /// <param name="path">The path of the page.</param>
    /// <param name="handler">The name of the form; null for the first one.</param>
    /// <param name="fields">The values that replace those on the page.</param>
    public async Task<HttpResponseMessage> SubmitAsync(string path, string? handler, params (string Name, string Value)[] fields) =>
        await (await FillInAsync(path, handler, fields))();

    /// <summary>Opens a page and fills in a form. Call the result to submit it.</summary>
    /// <inheritdoc cref="SubmitAsync"/>
    public async Task<Func<Task<HttpResponseMessage>>> FillInAsync(
        string path, string? handler, params (string Name, string Value)[] fields)
    {
        var page = await GetPageAsync(path);
        var form = page.Forms.First(form => handler is null || form.QuerySelector($"input[name=_handler][value='{handler}']") is not null);
        var values = form.Elements.OfType<IHtmlInputElement>()
            .Where(input => input.Name is not null && (input.Type != "checkbox" || input.IsChecked))
            .Where(input => input.Type != "submit")
            .Select(input => (Name: input.Name!, input.Value))
            .Concat(form.Elements.OfType<IHtmlSelectElement>().Where(select => select.Name is not null).Select(select => (Name: select.Name!, Value: select.Value ?? "")))
            .ToDictionary(field => field.Name, field => field.Value);
        foreach (var (name, value) in fields)
            values[name] = value;
        var target = form.GetAttribute("action") is { Length: > 0 } action ? action : path;
        return async () =>
        {
            using var content = new FormUrlEncodedContent(values);
            return await PostAsync(target, content);
        };
    }

    /// <summary>Creates the first account of a site, its admin.</summary>
    /// <returns>The path of the invitation.</returns>
    /// <exception cref="InvalidOperationException">The form was refused.</exception>
    public async Task<string> SetUpAsync(string name = "Ada")
    {
        using var response = await SubmitAsync("setup", "new-account", Account(name));
        ExpectRedirect(response);
        return await GetInvitationAsync();
    }

    /// <summary>Returns the path of the invitation. The client is signed in as an admin.</summary>
    public async Task<string> GetInvitationAsync() =>
        new Uri((await GetPageAsync("admin/invitations")).QuerySelector("#invitation-link")!.TextContent).AbsolutePath;

    /// <summary>Registers an account and signs it in.</summary>
    /// <param name="invitation">The path of an invitation.</param>
    /// <param name="name">The display name.</param>
    /// <param name="email">The email address; by default it is derived from the name.</param>
    public Task<HttpResponseMessage> JoinAsync(string invitation, string name, string? email = null) =>
        SubmitAsync(invitation, "new-account", Account(name, email));

    /// <summary>Creates a bot, as an admin.</summary>
    /// <param name="name">The display name.</param>
    /// <param name="fields">Further fields: <c>Rooms</c> for each room to add it to.</param>
    /// <returns>The key of the bot.</returns>
    public async Task<string> MakeBotAsync(string name, params (string Name, string Value)[] fields)
    {
        using var response = await SubmitAsync("admin/bots", "new-bot", [("Name", name), .. fields]);
        return (await ReadAsync(response)).QuerySelector("#bot-key")!.TextContent;
    }

    /// <summary>Bans an account, as an admin.</summary>
    /// <param name="userId">The id of the account.</param>
    /// <param name="fields">Further fields: <c>ResetInvitation</c>, <c>RevokeKeys</c>.</param>
    public async Task<HttpResponseMessage> BanAsync(int userId, params (string Name, string Value)[] fields)
    {
        using var asked = await SubmitAsync("admin/people", "people", ("Ban", $"{userId}"));
        var question = (await ReadAsync(asked)).Forms.First(form => form.QuerySelector("input[name=Banned]") is not null);
        using var content = new FormUrlEncodedContent(question.Elements.OfType<IHtmlInputElement>()
            .Where(input => input.Name is not null && input.Type != "checkbox")
            .Select(input => (Name: input.Name!, input.Value))
            .Concat(fields)
            .Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return await PostAsync("admin/people", content);
    }

    /// <summary>Signs in with a password.</summary>
    /// <param name="name">The display name or the email address.</param>
    /// <param name="password">The password.</param>
    /// <param name="returnUrl">The page to be redirected to.</param>
    public Task<HttpResponseMessage> SignInAsync(string name, string password = Password, string returnUrl = "/") => SubmitAsync(
        $"account/login?returnUrl={Uri.EscapeDataString(returnUrl)}", "login", ("Input.Email", Email(name)), ("Input.Password", password));

    /// <summary>Signs out.</summary>
    /// <exception cref="InvalidOperationException">The form was refused.</exception>
    public async Task SignOutAsync()
    {
        using var response = await SubmitAsync("", null);
        ExpectRedirect(response);
    }

    /// <summary>Starts the setup of two-factor sign-in.</summary>
    /// <returns>The key for the authenticator app.</returns>
    public async Task<string> StartTwoFactorAsync()
    {
        using var started = await SubmitAsync("account/two-factor", "start");
        return (await ReadAsync(started)).QuerySelector("#shared-key")!.TextContent;
    }

    /// <summary>Whether the page of rooms opens without a redirect to the sign-in page.</summary>
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
