using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace BlazorChat.Tests.Support.Clients;

/// <summary>A program at the doors of a node that take plain requests: the one for files and the one for messages.</summary>
public sealed class ScriptClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;

    /// <param name="key">A bot's; null for none.</param>
    /// <param name="cookies">A visitor's; null for none.</param>
    public ScriptClient(Uri node, string? key = null, CookieContainer? cookies = null)
    {
        // Who has sent the head of an upload waits to be asked for its body.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies ?? new(), Expect100ContinueTimeout = Patience };
        _http = new HttpClient(handler) { BaseAddress = node, Timeout = Patience };
        if (key is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Puts a file up, or is refused.</summary>
    /// <param name="place">As in the address: <c>room</c>.</param>
    /// <param name="id">A new one when it is not given.</param>
    public async Task<(HttpStatusCode Status, JsonElement Answer)> TryUploadAsync(
        string place, int placeId, byte[] bytes, string name = "notes.txt", Guid? id = null)
    {
        using var request = Put(id ?? Guid.NewGuid(), place, placeId, name, new ByteArrayContent(bytes));
        return await SendAsync(request);
    }

    /// <summary>Puts a file up that is kept.</summary>
    /// <returns>Its id.</returns>
    /// <inheritdoc cref="TryUploadAsync"/>
    public async Task<Guid> UploadAsync(string place, int placeId, byte[] bytes, string name = "notes.txt")
    {
        var (status, answer) = await TryUploadAsync(place, placeId, bytes, name);
        Assert.Equal(HttpStatusCode.OK, status);
        return answer.GetProperty("id").GetGuid();
    }

    /// <summary>Begins with a file that does not end.</summary>
    /// <inheritdoc cref="HeldUpload.BeginAsync"/>
    public Task<HeldUpload> HoldUploadAsync(string place, int placeId)
    {
        var id = Guid.NewGuid();
        return HeldUpload.BeginAsync(_http, id, body => Put(id, place, placeId, "slow.bin", body));
    }

    /// <summary>Posts a message.</summary>
    /// <param name="message">An object with the fields of its JSON.</param>
    public async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(int roomId, object message)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/rooms/{roomId}/messages") { Content = JsonContent.Create(message) };
        return await SendAsync(request);
    }

    /// <param name="path">From the node's root, or whole.</param>
    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(new Uri(path, UriKind.RelativeOrAbsolute));

    /// <inheritdoc cref="GetAsync"/>
    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var response = await GetAsync(path);
        return response.StatusCode;
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Put(Guid id, string place, int placeId, string name, HttpContent body)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"attachments/{id}?place={place}&placeId={placeId}&name={Uri.EscapeDataString(name)}") { Content = body };
        request.Headers.ExpectContinue = true;
        return request;
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> SendAsync(HttpRequestMessage request)
    {
        using var response = await _http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }
}
