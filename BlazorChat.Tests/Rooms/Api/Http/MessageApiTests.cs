using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Api.Http;

/// <summary>The endpoint for scripts on a real node, as docs/bots.md describes it.</summary>
public sealed class MessageApiTests(TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private readonly Node _node = site.Node;
    private readonly HttpClient _http = new() { BaseAddress = site.Node.Address };
    private readonly int _logged = site.Node.Log.Length;
    private Room _room = default!;
    private string _key = default!;

    public async ValueTask InitializeAsync()
    {
        _room = await site.AddRoomAsync(site.Ada);
        _key = (await site.AddBotAsync("Deployer", _room)).Key;
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _key);
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Curl_posts_messages_in_every_format()
    {
        var file = Path.Combine(Node.NewDataFolder(), "notes.md");
        await File.WriteAllTextAsync(file, "# Notes\n\n100% & more + 한글\n");
        await using var room = await SocketClient.ConnectAsync(_node.Address, $"ws/chat/{_room.Id}/chat/", site.Ada.Cookies);

        var sent = new List<string?>();
        foreach (var (arguments, message) in new (string[] Arguments, string Message)[]
        {
            (["-d", "Deployed"], "Deployed"),
            (["-d", "a=b & 100% + 1"], "a=b & 100% + 1"),
            (["--data-urlencode", "message=x & y = 100%"], "x & y = 100%"),
            (["--data-binary", $"@{file}"], "# Notes\n\n100% & more + 한글\n"),
            (["-H", "Content-Type: text/plain", "-d", "message=as it stands"], "message=as it stands"),
            (["--json", """{"message": "from \"JSON\""}"""], "from \"JSON\""),
            (["-H", "Content-Type: application/json", "-d", """{"message": "한글"}"""], "한글"),
        })
        {
            var (status, answer) = await Curl.RunAsync(["-H", $"Authorization: Bearer {_key}", .. arguments, $"{_node.Address}api/rooms/{_room.Id}/messages"]);
            Assert.Equal(HttpStatusCode.Created, status);
            var created = await room.ReceiveJsonAsync("chat.message.created");
            Assert.Equal(message, created.GetProperty("message").GetString());
            Assert.Equal("Deployer", created.GetProperty("author_name").GetString());
            Assert.Equal(created.GetProperty("sequence").GetInt64(), answer.GetProperty("sequence").GetInt64());
            Assert.Equal(created.GetProperty("revision").GetInt64(), answer.GetProperty("revision").GetInt64());
            sent.Add(message);
        }

        Assert.Equal(7, sent.Count);
    }

    [Fact]
    public async Task A_repeated_post_is_stored_once()
    {
        var id = Guid.NewGuid();
        var json = $$"""{"message":"once","client_message_id":"{{id}}"}""";

        var first = await PostAsync(json, "application/json");
        var second = await PostAsync(json, "application/json");
        var asForm = await PostAsync($"message=once&client_message_id={id}", "application/x-www-form-urlencoded");
        var next = await PostAsync("next", "text/plain");

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Created], new[] { first, second, asForm, next }.Select(post => post.Status));
        Assert.Equal([1, 1, 1, 2], new[] { first, second, asForm, next }.Select(post => post.Answer.GetProperty("sequence").GetInt64()));
        Assert.Equal(id, second.Answer.GetProperty("client_message_id").GetGuid());
    }

    [Theory]
    [InlineData("not json", "application/json", HttpStatusCode.BadRequest, "malformed")]
    [InlineData("""{"message":7}""", "application/json", HttpStatusCode.BadRequest, "malformed")]
    [InlineData("""{"message":"x","client_message_id":"7"}""", "application/json", HttpStatusCode.BadRequest, "malformed")]
    [InlineData("message=x&client_message_id=7", "application/x-www-form-urlencoded", HttpStatusCode.BadRequest, "malformed")]
    [InlineData("null", "application/json", HttpStatusCode.BadRequest, "malformed")]
    [InlineData("{}", "application/json", HttpStatusCode.BadRequest, "missing_field")]
    [InlineData(" ", "text/plain", HttpStatusCode.BadRequest, "invalid")]
    [InlineData("<x/>", "application/xml", HttpStatusCode.UnsupportedMediaType, "unsupported_content")]
    [InlineData("x", "text/plain; charset=utf-16", HttpStatusCode.UnsupportedMediaType, "unsupported_content")]
    [InlineData("x", "text/plain; charset=none", HttpStatusCode.UnsupportedMediaType, "unsupported_content")]
    public async Task A_malformed_post_gets_a_status_and_a_code(string body, string type, HttpStatusCode status, string code) =>
        CheckRefused(await PostAsync(body, type), status, code);

    [Fact]
    public async Task A_forbidden_post_gets_a_status_and_a_code()
    {
        var open = await site.AddRoomAsync();
        var secret = await site.AddRoomAsync(RoomKind.Private);

        CheckRefused(await PostAsync("x", "text/plain", open.Id), HttpStatusCode.Forbidden, "forbidden");
        CheckRefused(await PostAsync("x", "text/plain", secret.Id), HttpStatusCode.NotFound, "not_found");
        CheckRefused(await PostAsync("x", "text/plain", room: 999), HttpStatusCode.NotFound, "not_found");
        CheckRefused(await PostAsync(new string('x', 8001), "text/plain"), HttpStatusCode.BadRequest, "invalid");
        CheckRefused(await PostAsync(new string('x', 70_000), "text/plain"), HttpStatusCode.RequestEntityTooLarge, "too_large");
        using var notUtf8 = new ByteArrayContent([0xff, 0xfe]);
        CheckRefused(await PostAsync(notUtf8), HttpStatusCode.BadRequest, "malformed");
        using var elsewhere = await _http.PostAsync(new Uri("api/rooms/one/messages", UriKind.Relative), null);
        CheckRefused((elsewhere.StatusCode, JsonDocument.Parse(await elsewhere.Content.ReadAsStringAsync()).RootElement), HttpStatusCode.NotFound, "not_found");
        Assert.DoesNotContain("fail:", _node.Log[_logged..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_post_to_an_archived_room_gets_a_status_and_a_code()
    {
        var id = Guid.NewGuid();
        var json = $$"""{"message":"before","client_message_id":"{{id}}"}""";
        await PostAsync(json, "application/json");
        await using (var database = new DirectDatabase(_node.DataFolder))
        {
            await database.Db.Rooms.Where(room => room.Id == _room.Id).ExecuteUpdateAsync(
                room => room.SetProperty(r => r.ArchivedAt, DateTime.UnixEpoch));
        }

        CheckRefused(await PostAsync("after", "text/plain"), HttpStatusCode.Conflict, "archived");
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(json, "application/json")).Status);
    }

    [Fact]
    public async Task The_longest_message_fits_when_it_is_escaped()
    {
        var escaped = string.Concat(Enumerable.Repeat("\\ud55c", 8000));

        var (status, _) = await PostAsync($$"""{"message":"{{escaped}}"}""", "application/json");

        Assert.Equal(HttpStatusCode.Created, status);
    }

    [Fact]
    public async Task A_cookie_does_not_authorize_a_post()
    {
        using var content = new StringContent("hi");

        using var refused = await site.Ada.PostAsync($"api/rooms/{_room.Id}/messages", content);
        using var inTheAddress = await site.Ada.PostAsync($"api/rooms/{_room.Id}/messages?access_token={_key}", content);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal(HttpStatusCode.Unauthorized, inTheAddress.StatusCode);
    }

    [Fact]
    public async Task Commands_beyond_the_limit_are_refused()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 150).Select(i => PostAsync($"{i}", "text/plain")));

        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.TooManyRequests && answer.Answer.GetProperty("code").GetString() == "rate_limited");
        Assert.InRange(answers.Count(answer => answer.Status == HttpStatusCode.Created), 50, 149);
    }

    [Fact]
    public async Task B8_A_refusal_has_a_Retry_After_header()
    {
        for (var i = 0; i < 200; i++)
        {
            using var content = new StringContent("x");
            using var response = await _http.PostAsync(new Uri($"api/rooms/{_room.Id}/messages", UriKind.Relative), content);
            if (response.StatusCode != HttpStatusCode.TooManyRequests)
                continue;
            Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
            return;
        }

        Assert.Fail("Nothing was refused.");
    }

    [Fact]
    public async Task B7_An_id_of_zeros_is_invalid_and_a_used_id_is_a_conflict()
    {
        var id = Guid.NewGuid();
        Assert.Equal(HttpStatusCode.Created, (await PostAsync(Body(id, "first"), "application/json")).Status);

        CheckRefused(await PostAsync(Body(id, "second"), "application/json"), HttpStatusCode.Conflict, "conflict");
        CheckRefused(await PostAsync(Body(Guid.Empty, "first"), "application/json"), HttpStatusCode.BadRequest, "invalid");
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(Body(id, "first"), "application/json")).Status);

        static string Body(Guid clientMessageId, string text) => $$"""{"client_message_id":"{{clientMessageId}}","message":"{{text}}"}""";
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(string body, string type, int? room = null)
    {
        using var content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(type));
        return await PostAsync(content, room);
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(HttpContent content, int? room = null)
    {
        using var response = await _http.PostAsync(new Uri($"api/rooms/{room ?? _room.Id}/messages", UriKind.Relative), content);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    private static void CheckRefused((HttpStatusCode Status, JsonElement Answer) answer, HttpStatusCode status, string code)
    {
        Assert.Equal(status, answer.Status);
        Assert.Equal(("error", code), (answer.Answer.GetProperty("type").GetString(), answer.Answer.GetProperty("code").GetString()));
        Assert.NotEmpty(answer.Answer.GetProperty("message").GetString()!);
    }
}
