using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace BlazorChat.Tests.Support.Clients;

/// <summary>
/// A program that uses the HTTP endpoints of a node for files and messages. Each request has the timeout <see cref="TestWait.Limit"/>.
/// </summary>
/// <example>
/// <code>
/// using var script = new ScriptClient(node.Address, bot.Key);
/// var id = await script.UploadAsync("room", room.Id, bytes);
/// var (status, answer) = await script.PostAsync(room.Id, new { id = Guid.NewGuid(), message = "hello" });
/// </code>
/// </example>
public sealed class ScriptClient : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>Creates a client.</summary>
    /// <param name="node">The address of a node.</param>
    /// <param name="key">The key of a bot; null for none.</param>
    /// <param name="cookies">The cookies of a visitor; null for none.</param>
    public ScriptClient(Uri node, string? key = null, CookieContainer? cookies = null)
    {
        // The body of an upload is sent only when the node asks for it.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies ?? new(), Expect100ContinueTimeout = TestWait.Limit };
        _http = new HttpClient(handler) { BaseAddress = node, Timeout = TestWait.Limit };
        if (key is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Uploads a file.</summary>
    /// <param name="owner">What the file belongs to, as in the query: <c>room</c>.</param>
    /// <param name="ownerId">The id of the room, liveblog or person.</param>
    /// <param name="bytes">The file.</param>
    /// <param name="name">The name of the file.</param>
    /// <param name="id">The id of the attachment; by default a new one.</param>
    /// <returns>The HTTP status and the JSON of the response.</returns>
    public async Task<(HttpStatusCode Status, JsonElement Answer)> TryUploadAsync(
        string owner, int ownerId, byte[] bytes, string name = "notes.txt", Guid? id = null)
    {
        using var request = Put(id ?? Guid.NewGuid(), owner, ownerId, name, new ByteArrayContent(bytes));
        return await SendAsync(request);
    }

    /// <summary>Uploads a text file and returns the HTTP status; the answer to a client without an account has no JSON.</summary>
    public async Task<HttpStatusCode> UploadStatusAsync(string owner, int ownerId)
    {
        using var request = Put(Guid.NewGuid(), owner, ownerId, "notes.txt", new StringContent("notes"));
        using var response = await _http.SendAsync(request);
        return response.StatusCode;
    }

    /// <summary>Uploads a file and asserts that the node stored it.</summary>
    /// <returns>The id of the attachment.</returns>
    /// <inheritdoc cref="TryUploadAsync"/>
    public async Task<Guid> UploadAsync(string owner, int ownerId, byte[] bytes, string name = "notes.txt")
    {
        var (status, answer) = await TryUploadAsync(owner, ownerId, bytes, name);
        Assert.Equal(HttpStatusCode.OK, status);
        return answer.GetProperty("id").GetGuid();
    }

    /// <summary>Starts an upload that the test ends.</summary>
    /// <inheritdoc cref="HeldUpload.BeginAsync"/>
    public Task<HeldUpload> HoldUploadAsync(string owner, int ownerId)
    {
        var id = Guid.NewGuid();
        return HeldUpload.BeginAsync(_http, id, body => Put(id, owner, ownerId, "slow.bin", body));
    }

    /// <summary>Posts a message.</summary>
    /// <param name="roomId">The id of the room.</param>
    /// <param name="message">An object with the fields of the JSON.</param>
    /// <returns>The HTTP status and the JSON of the response.</returns>
    public async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(int roomId, object message)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/rooms/{roomId}/messages") { Content = JsonContent.Create(message) };
        return await SendAsync(request);
    }

    /// <summary>Sends a request.</summary>
    /// <param name="path">A path from the root of the node.</param>
    /// <param name="body">An object with the fields of the JSON; null for no body.</param>
    public async Task<(HttpStatusCode Status, JsonElement Answer)> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        return await SendAsync(request);
    }

    /// <summary>Posts JSON and returns the HTTP status; the answer may be empty.</summary>
    /// <param name="path">A path from the root of the node.</param>
    /// <param name="body">An object with the fields of the JSON.</param>
    public async Task<HttpStatusCode> PostStatusAsync(string path, object body)
    {
        using var response = await _http.PostAsJsonAsync(path, body);
        return response.StatusCode;
    }

    /// <summary>Sends a GET request.</summary>
    /// <param name="path">A path from the root of the node, or a whole address.</param>
    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(new Uri(path, UriKind.RelativeOrAbsolute));

    /// <inheritdoc cref="GetAsync"/>
    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var response = await GetAsync(path);
        return response.StatusCode;
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Put(Guid id, string owner, int ownerId, string name, HttpContent body)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"attachments/{id}?owner={owner}&ownerId={ownerId}&name={Uri.EscapeDataString(name)}") { Content = body };
        request.Headers.ExpectContinue = true;
        return request;
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> SendAsync(HttpRequestMessage request)
    {
        using var response = await _http.SendAsync(request);
        return (response.StatusCode, response.StatusCode == HttpStatusCode.NoContent ? default : await response.Content.ReadFromJsonAsync<JsonElement>());
    }
}
