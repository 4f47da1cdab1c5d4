using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using BlazorChat.Rooms.Api;
using Microsoft.AspNetCore.SignalR;

namespace BlazorChat.Tests.Rooms.Search;

/// <summary>The search of programs, as docs/protocol.md describes it.</summary>
public sealed class SearchApiTests(TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private readonly HttpClient _http = new() { BaseAddress = site.Node.Address };
    private BotAccount _bot = default!;
    private BotAccount _other = default!;

    public async ValueTask InitializeAsync()
    {
        _bot = await site.AddBotAsync("Deployer");
        _other = await site.AddBotAsync("Other");
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _bot.Key);
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_bot_finds_what_it_may_read_by_the_API_the_hub_and_a_socket()
    {
        using var script = new ScriptClient(site.Node.Address, _bot.Key);
        await using var hub = await HubPeer.ConnectAsync(site.Node.Address, _bot.Key);
        var direct = await hub.OpenDirectAsync([_other.Id]);
        await script.PostAsync(direct, new { message = "배포 **끝났습니다** rollout42" });

        var found = await IndexedAsync(hub, "rollout42");
        var result = Assert.Single(found.Results);
        Assert.Equal(("Other", direct, 1L, (string?)null), (result.RoomName, result.Message.RoomId, result.Message.Sequence, found.Next));
        Assert.Equal(["rollout42"], result.Snippet.Where(part => part.IsMatch).Select(part => part.Text));

        var (status, answer) = await GetAsync("q=배포&room=" + direct);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("배포 **끝났습니다** rollout42", answer.GetProperty("results")[0].GetProperty("message").GetProperty("message").GetString());

        await using var socket = await SocketClient.ConnectAsync(site.Node.Address, $"ws/chat/{direct}/chat/", null, key: _bot.Key);
        await socket.SendTextAsync("""{"type":"chat.search","query":"끝났"}""");
        var frame = await socket.ReceiveJsonAsync("chat.search");
        Assert.Equal("끝났", frame.GetProperty("results")[0].GetProperty("snippet").EnumerateArray().Single(part => part.GetProperty("is_match").GetBoolean()).GetProperty("text").GetString());

        await using var outsider = await HubPeer.ConnectAsync(site.Node.Address, (await site.AddBotAsync("Outsider")).Key);
        Assert.Empty((await outsider.SearchAsync("rollout42")).Results);
        Assert.Contains("not_found: ", (await Assert.ThrowsAsync<HubException>(() => outsider.SearchAsync("rollout42", direct))).Message, StringComparison.Ordinal);
        Assert.Contains("not_found: ", (await Assert.ThrowsAsync<HubException>(() => outsider.SearchAsync("rollout42", null, $"{direct}.1"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest, "missing_field")]
    [InlineData("q=x&room=one", HttpStatusCode.BadRequest, "malformed")]
    [InlineData("q=x&after=1", HttpStatusCode.BadRequest, "malformed")]
    [InlineData("q=from:nobody", HttpStatusCode.BadRequest, "invalid")]
    [InlineData("q=x&room=99999", HttpStatusCode.NotFound, "not_found")]
    public async Task A_refused_search_gets_a_status_and_a_code(string query, HttpStatusCode status, string code)
    {
        var (answered, error) = await GetAsync(query);

        Assert.Equal((status, code), (answered, error.GetProperty("code").GetString()));
    }

    /// <summary>Searches until the index has followed.</summary>
    private static async Task<ChatSearchPage> IndexedAsync(HubPeer hub, string query)
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        while (true)
        {
            if (await hub.SearchAsync(query) is { Results.Count: > 0 } found)
                return found;
            await Task.Delay(50, timeout.Token);
        }
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> GetAsync(string query)
    {
        using var response = await _http.GetAsync(new Uri($"api/search?{query}", UriKind.Relative));
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }
}
