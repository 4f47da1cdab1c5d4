using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace BlazorChat.Tests.Rooms.Api.Http;

/// <summary>The endpoint with which scripts open direct rooms, as docs/bots.md describes it.</summary>
public sealed class DirectApiTests(TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private readonly HttpClient _http = new() { BaseAddress = site.Node.Address };
    private Member _zoe = default!;
    private BotAccount _bot = default!;

    public async ValueTask InitializeAsync()
    {
        _zoe = await site.JoinAsync("Zoe");
        _bot = await site.AddBotAsync("Deployer");
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _bot.Key);
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        _zoe.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_bot_opens_a_direct_room_once_and_writes_to_it()
    {
        var (created, first) = await PostAsync($$"""{"people":[{{_zoe.Id}}]}""");
        var (known, second) = await PostAsync($$"""{"people":[{{_bot.Id}},{{_zoe.Id}}]}""");
        var roomId = first.GetProperty("room_id").GetInt32();
        await using var zoe = await HubPeer.ConnectAsync(site.Node.Address, _zoe.Cookies);
        using var script = new ScriptClient(site.Node.Address, _bot.Key);
        var (sent, _) = await script.PostAsync(roomId, new { message = "Deployed" });

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.Created), (created, known, sent));
        Assert.Equal(roomId, second.GetProperty("room_id").GetInt32());
        Assert.Equal((roomId, true), await zoe.MembershipChangedAsync());
        var room = Assert.Single(await zoe.RoomsAsync(), room => room.Id == roomId);
        Assert.Equal(("Deployer", "direct", true, 1L), (room.Name, room.Kind, room.IsPrivate, room.Unread));
    }

    [Theory]
    [InlineData("not json", "application/json", HttpStatusCode.BadRequest, "malformed")]
    [InlineData("""{"people":"Zoe"}""", "application/json", HttpStatusCode.BadRequest, "malformed")]
    [InlineData("null", "application/json", HttpStatusCode.BadRequest, "malformed")]
    [InlineData("{}", "application/json", HttpStatusCode.BadRequest, "missing_field")]
    [InlineData("""{"people":[99999]}""", "application/json", HttpStatusCode.NotFound, "not_found")]
    [InlineData("""{"people":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21]}""", "application/json", HttpStatusCode.BadRequest, "invalid")]
    [InlineData("1", "text/plain", HttpStatusCode.UnsupportedMediaType, "unsupported_content")]
    public async Task A_refused_post_gets_a_status_and_a_code(string body, string type, HttpStatusCode status, string code)
    {
        var (answered, error) = await PostAsync(body, type);

        Assert.Equal((status, "error", code), (answered, error.GetProperty("type").GetString(), error.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_cookie_opens_no_direct_room()
    {
        using var content = new StringContent($$"""{"people":[{{_bot.Id}}]}""", Encoding.UTF8, "application/json");
        using var response = await _zoe.PostAsync("api/direct", content);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(string body, string type = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var response = await _http.PostAsync(new Uri("api/direct", UriKind.Relative), content);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }
}
