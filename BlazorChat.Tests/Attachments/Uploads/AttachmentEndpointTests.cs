using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Attachments.Uploads;

/// <summary>The endpoints of files, through real Kestrel.</summary>
[Trait("Speed", "Slow")]
public sealed class AttachmentEndpointTests(TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private Member _ada = default!;
    private Room _room = default!;
    private HttpClient _http = default!;

    public async ValueTask InitializeAsync()
    {
        _ada = await site.JoinAsync("Ada");
        _room = await site.AddRoomAsync(RoomKind.Private, _ada);
        _http = new HttpClient(new HttpClientHandler { CookieContainer = _ada.Cookies, AllowAutoRedirect = false }) { BaseAddress = site.Node.Address };
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        _ada.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_picture_is_given_in_parts_and_kept_by_browsers_and_can_do_nothing()
    {
        var picture = TestPictures.Png();
        var id = await UploadAsync(picture, "das Bild – 한국.png");

        using var response = await _http.GetAsync(new Uri($"attachments/{id}", UriKind.Relative));
        var headers = response.Headers.ToDictionary(header => header.Key, header => string.Join(' ', header.Value));
        Assert.Equal(picture, await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/png", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", headers["X-Content-Type-Options"]);
        Assert.Contains("immutable", headers["Cache-Control"], StringComparison.Ordinal);
        Assert.Contains("private", headers["Cache-Control"], StringComparison.Ordinal);
        Assert.Contains("sandbox", headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal(("inline", "das Bild – 한국.png"), (response.Content.Headers.ContentDisposition!.DispositionType, response.Content.Headers.ContentDisposition.FileNameStar));

        using var part = await SendAsync(HttpMethod.Get, $"attachments/{id}", request => request.Headers.Range = new RangeHeaderValue(1, 3));
        Assert.Equal((HttpStatusCode.PartialContent, "PNG"), (part.StatusCode, await part.Content.ReadAsStringAsync()));
        using var known = await SendAsync(HttpMethod.Get, $"attachments/{id}", request => request.Headers.IfNoneMatch.Add(response.Headers.ETag!));
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        using var head = await SendAsync(HttpMethod.Head, $"attachments/{id}");
        Assert.Equal((HttpStatusCode.OK, picture.Length), (head.StatusCode, (int)head.Content.Headers.ContentLength!));
    }

    [Fact]
    public async Task A_photograph_is_kept_without_the_place_where_it_was_taken_and_shown_the_same_way_up()
    {
        var photograph = TestPictures.Jpeg(orientation: 6);
        var id = await UploadAsync(photograph, "holiday.jpg");

        var kept = await _http.GetByteArrayAsync(new Uri($"attachments/{id}", UriKind.Relative));

        using var picture = NetVips.Image.NewFromBuffer(kept);
        Assert.DoesNotContain(picture.GetFields(), field => field.Contains("GPS", StringComparison.Ordinal) || field.Contains("Make", StringComparison.Ordinal));
        Assert.Equal(6, TestPictures.HeaderOf(kept)!.Orientation);
        Assert.InRange(kept.Length, 1, photograph.Length - 1);
    }

    [Fact]
    public async Task A_picture_that_cannot_be_read_is_only_to_be_saved()
    {
        var id = await UploadAsync(TestPictures.PngThatClaims(30_000, 30_000), "enormous.png");

        using var response = await _http.GetAsync(new Uri($"attachments/{id}", UriKind.Relative));

        Assert.Equal("attachment", response.Content.Headers.ContentDisposition!.DispositionType);
    }

    [Fact]
    public async Task What_is_no_picture_is_only_to_be_saved_whatever_it_calls_itself()
    {
        foreach (var (bytes, name) in new[] { (TestPictures.Html(), "page.png"), (TestPictures.Svg(), "drawing.svg"), ("%PDF-1.7"u8.ToArray(), "paper.pdf"), (TestBoxes.Heic("x"), "photo.heic") })
        {
            var id = await UploadAsync(bytes, name, "image/png");

            using var response = await _http.GetAsync(new Uri($"attachments/{id}", UriKind.Relative));

            Assert.Equal("attachment", response.Content.Headers.ContentDisposition!.DispositionType);
            Assert.NotEqual("image/png", response.Content.Headers.ContentType!.MediaType);
            Assert.NotEqual("text/html", response.Content.Headers.ContentType.MediaType);
        }
    }

    [Fact]
    public async Task D1_What_cannot_be_cleaned_of_place_and_camera_is_refused_by_name()
    {
        byte[] broken = [0xFF, 0xD8, 0xFF, 0xE1, 0, 9, 1, 2, 3];
        foreach (var (bytes, name) in new[] { (TestPictures.Tiff("x"), "scan.tiff"), (broken, "broken.jpg"), (TestBoxes.Movie("x")[..^3], "broken.mp4") })
        {
            using var response = await SendAsync(HttpMethod.Put, AddressOf(Guid.NewGuid(), name), request => request.Content = new ByteArrayContent(bytes));

            var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((HttpStatusCode.BadRequest, "invalid"), (response.StatusCode, answer.GetProperty("code").GetString()));
            Assert.Contains("location and camera details", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Others_learn_of_no_file()
    {
        var id = await UploadAsync([1], "x");
        using var zoe = await site.JoinAsync("Zoe");
        using var anonymous = new FormClient(site.Node.Address);

        foreach (var visitor in new[] { zoe, anonymous })
        {
            foreach (var path in new[] { $"attachments/{id}", $"attachments/{id}/400", $"attachments/{Guid.NewGuid()}", $"attachments/{id}/77" })
            {
                using var response = await visitor.GetAsync(path);
                Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            }
        }
    }

    [Fact]
    public async Task A_wrong_upload_is_answered_by_its_status()
    {
        Assert.Equal(HttpStatusCode.BadRequest, await PutStatusAsync($"attachments/{Guid.NewGuid()}?owner=moon&ownerId=1", [1]));
        Assert.Equal(HttpStatusCode.BadRequest, await PutStatusAsync($"attachments/{Guid.NewGuid()}?owner=room", [1]));
        Assert.Equal(HttpStatusCode.BadRequest, await PutStatusAsync(AddressOf(Guid.NewGuid(), "x"), []));
        Assert.Equal(HttpStatusCode.BadRequest, await PutStatusAsync(AddressOf(Guid.Empty, "x"), [1]));
        Assert.Equal(HttpStatusCode.NotFound, await PutStatusAsync($"attachments/{Guid.NewGuid()}?owner=room&ownerId=999999", [1]));
        Assert.Equal(HttpStatusCode.Forbidden, await PutStatusAsync(AddressOf(Guid.NewGuid(), "x"), [1], "https://elsewhere.example"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PutStatusAsync(AddressOf(Guid.NewGuid(), "x"), new byte[(50 * 1024 * 1024) + 1]));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PutStatusAsync($"attachments/{Guid.NewGuid()}?owner=person&ownerId={_ada.Id}", new byte[(5 * 1024 * 1024) + 1]));
        using var anonymous = new HttpClient { BaseAddress = site.Node.Address };
        using var content = new ByteArrayContent([1]);
        using var unauthorized = await anonymous.PutAsync(new Uri(AddressOf(Guid.NewGuid(), "x"), UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.Unauthorized, unauthorized.StatusCode);
    }

    [Theory]
    [InlineData("owner=moon&ownerId=1")]
    [InlineData("owner=room")]
    [InlineData("owner=room&ownerId=x")]
    [InlineData("owner=room&ownerId=99999999999")]
    public async Task A_place_that_is_none_is_answered_in_words(string query)
    {
        using var response = await SendAsync(HttpMethod.Put, $"attachments/{Guid.NewGuid()}?{query}", request => request.Content = new ByteArrayContent([1]));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("missing_field", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("room", 50, false)]
    [InlineData("room", 50, true)]
    [InlineData("person", 5, false)]
    public async Task D6_One_byte_over_the_limit_is_answered_readably(string kind, int megabytes, bool isChunked)
    {
        var ownerId = kind == "room" ? _room.Id : _ada.Id;
        using var response = await SendAsync(HttpMethod.Put, $"attachments/{Guid.NewGuid()}?owner={kind}&ownerId={ownerId}", request =>
        {
            request.Content = new ByteArrayContent(new byte[(megabytes * 1024 * 1024) + 1]);
            // As browsers send: the whole body at once, and the answer is read after it.
            request.Headers.ExpectContinue = false;
            request.Headers.TransferEncodingChunked = isChunked;
        });

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("error", "too_large"), (answer.GetProperty("type").GetString(), answer.GetProperty("code").GetString()));
        Assert.Equal($"This file is too large. A file can have up to {megabytes} MB.", answer.GetProperty("message").GetString());
    }

    [Fact]
    public async Task D6_Who_sends_all_before_reading_finds_the_answer_and_can_go_on()
    {
        var length = (50 * 1024 * 1024) + 1;
        using var socket = new TcpClient();
        await socket.ConnectAsync(site.Node.Address.Host, site.Node.Address.Port);
        var stream = socket.GetStream();
        var head = $"PUT /{AddressOf(Guid.NewGuid(), "x")} HTTP/1.1\r\nHost: {site.Node.Address.Authority}\r\nCookie: {_ada.Cookies.GetCookieHeader(site.Node.Address)}\r\nContent-Length: {length}\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        var part = new byte[1024 * 1024];
        for (var left = length; left > 0; left -= part.Length)
            await stream.WriteAsync(part.AsMemory(0, Math.Min(part.Length, left)));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        using var timeout = new CancellationTokenSource(TestWait.Limit);

        Assert.Equal("HTTP/1.1 413 Payload Too Large", await reader.ReadLineAsync(timeout.Token));
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /health/live HTTP/1.1\r\nHost: {site.Node.Address.Authority}\r\n\r\n"));
        string? line;
        do
            line = await reader.ReadLineAsync(timeout.Token);
        while (line is not null && !line.Contains("HTTP/1.1 200", StringComparison.Ordinal));
        Assert.NotNull(line);
    }

    [Fact]
    public async Task D6_Who_sends_all_over_a_slow_line_finds_the_answer_too()
    {
        // The server alone would wait for five seconds, and then reset the connection.
        var parts = new byte[140][];
        Array.Fill(parts, new byte[((50 * 1024 * 1024) / parts.Length) + 1]);
        using var socket = new TcpClient();
        await socket.ConnectAsync(site.Node.Address.Host, site.Node.Address.Port);
        var stream = socket.GetStream();
        var head = $"PUT /{AddressOf(Guid.NewGuid(), "x")} HTTP/1.1\r\nHost: {site.Node.Address.Authority}\r\nCookie: {_ada.Cookies.GetCookieHeader(site.Node.Address)}\r\nContent-Length: {parts.Sum(part => part.Length)}\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        foreach (var part in parts)
        {
            await pace.WaitForNextTickAsync();
            await stream.WriteAsync(part);
        }

        using var reader = new StreamReader(stream, Encoding.ASCII);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        Assert.Equal("HTTP/1.1 413 Payload Too Large", await reader.ReadLineAsync(timeout.Token));
    }

    [Fact]
    public async Task D7_A_file_keeps_its_caching_headers_while_the_cookie_is_renewed()
    {
        await using var node = await HostedNode.StartAsync(null, "Accounts:RevalidationInterval=00:00:01");
        using var setUp = new FormClient(node.Address);
        await setUp.SetUpAsync();
        var id = Guid.NewGuid();
        using (var content = new ByteArrayContent([1, 2, 3]))
            (await setUp.PutAsync($"attachments/{id}?owner=room&ownerId=1&name=x", content)).Dispose();
        var picture = Guid.NewGuid();
        using (var content = new ByteArrayContent(TestPictures.Png()))
            (await setUp.PutAsync($"attachments/{picture}?owner=room&ownerId=1&name=x.png", content)).Dispose();
        await WaitAsync(async () => (await setUp.GetAsync($"attachments/{picture}/1200")).IsSuccessStatusCode);
        string[] paths = [$"attachments/{id}", $"attachments/{picture}/400", $"attachments/{picture}/1200.jpg", $"avatars/1/{Guid.NewGuid()}", "icon.svg"];
        var readers = paths.ToDictionary(path => path, _ => new FormClient(node.Address));
        foreach (var reader in readers.Values)
            (await reader.SignInAsync("Ada")).Dispose();
        // All sign-ins are renewed after the same time: when the newest one is, the others are due.
        using var clock = new FormClient(node.Address);
        (await clock.SignInAsync("Ada")).Dispose();
        await WaitAsync(async () =>
        {
            using var page = await clock.GetAsync("account/sessions");
            return page.Headers.Contains("Set-Cookie");
        });

        foreach (var (path, reader) in readers)
        {
            using var response = await reader.GetAsync(path);
            Assert.True(response.IsSuccessStatusCode, path);
            Assert.False(response.Headers.Contains("Set-Cookie"), path);
            Assert.False(response.Headers.Contains("Pragma"), path);
            if (path.StartsWith("attachments/", StringComparison.Ordinal))
                Assert.Equal((true, TimeSpan.FromDays(365)), (response.Headers.CacheControl!.Private, response.Headers.CacheControl.MaxAge));
            Assert.True(await reader.IsSignedInAsync());
            reader.Dispose();
        }
    }

    [Fact]
    public async Task A_large_file_goes_and_can_be_taken_back()
    {
        var id = await UploadAsync(new byte[49 * 1024 * 1024], "large.bin");

        using var discarded = await SendAsync(HttpMethod.Delete, $"attachments/{id}");
        using var gone = await _http.GetAsync(new Uri($"attachments/{id}", UriKind.Relative));

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (discarded.StatusCode, gone.StatusCode));
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing_and_is_nobodys_error()
    {
        await using var node = await HostedNode.StartAsync();
        using var eve = new FormClient(node.Address);
        await eve.SetUpAsync("Eve");
        var incoming = Path.Combine(node.DataFolder, "attachments", "incoming");
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(node.Address.Host, node.Address.Port);
            var request = $"PUT /attachments/{Guid.NewGuid()}?owner=room&ownerId=1&name=x HTTP/1.1\r\nHost: {node.Address.Authority}\r\nCookie: {eve.Cookies.GetCookieHeader(node.Address)}\r\nContent-Length: 1000000\r\n\r\n{new string('a', 100_000)}";
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
            await WaitAsync(() => Directory.Exists(incoming) && Directory.EnumerateFiles(incoming).Any());
        }

        await WaitAsync(() => !Directory.EnumerateFiles(incoming).Any());
        await using var database = new DirectDatabase(node.DataFolder);
        Assert.Equal(0, await database.Db.Attachments.CountAsync());
        Assert.DoesNotContain("fail:", node.Log, StringComparison.Ordinal);
    }

    private string AddressOf(Guid id, string name) => $"attachments/{id}?owner=room&ownerId={_room.Id}&name={Uri.EscapeDataString(name)}";

    private async Task<Guid> UploadAsync(byte[] bytes, string name, string type = "application/octet-stream")
    {
        var id = Guid.NewGuid();
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var response = await _http.PutAsync(new Uri(AddressOf(id, name), UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return id;
    }

    private async Task<HttpStatusCode> PutStatusAsync(string path, byte[] bytes, string? origin = null)
    {
        using var response = await SendAsync(HttpMethod.Put, path, request =>
        {
            request.Content = new ByteArrayContent(bytes);
            // A refusal arrives before the body is sent.
            request.Headers.ExpectContinue = true;
            if (origin is not null)
                request.Headers.Add("Origin", origin);
        });
        return response.StatusCode;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, Action<HttpRequestMessage>? prepare = null)
    {
        using var request = new HttpRequestMessage(method, path);
        prepare?.Invoke(request);
        return await _http.SendAsync(request);
    }

    /// <summary>Returns when the disk has the expected files, which publishes no event.</summary>
    private static Task WaitAsync(Func<bool> isSo) => WaitAsync(() => Task.FromResult(isSo()));

    private static async Task WaitAsync(Func<Task<bool>> isSo)
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        while (!await isSo())
            await Task.Delay(20, timeout.Token);
    }
}
