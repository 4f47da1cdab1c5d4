using System.Net;
using System.Text.Json;
using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Tests.Attachments.Uploads;

/// <summary>How many uploads one person has under way at the endpoint of a real node.</summary>
public sealed class UploadLimitTests(RequestLogSite site) : IClassFixture<RequestLogSite>, IAsyncLifetime
{
    private readonly int _logged = site.Node.Log.Length;
    private Member _member = default!;
    private Room _room = default!;
    private ScriptClient _ada = default!;
    private ScriptClient _bot = default!;

    public async ValueTask InitializeAsync()
    {
        _member = await site.JoinAsync("Ada");
        _room = await site.AddRoomAsync(_member);
        _ada = new ScriptClient(site.Node.Address, cookies: _member.Cookies);
        _bot = new ScriptClient(site.Node.Address, (await site.AddBotAsync("Archivist", _room)).Key);
    }

    public ValueTask DisposeAsync()
    {
        _ada.Dispose();
        _bot.Dispose();
        _member.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_fifth_upload_at_once_is_refused_and_another_persons_is_not()
    {
        await using var held = await HoldAsync(4);

        var (status, answer) = await TryUploadAsync(_ada);

        Assert.Equal((HttpStatusCode.TooManyRequests, "error"), (status, answer.GetProperty("type").GetString()));
        Assert.Equal(
            ("rate_limited", "You can upload 4 files at once. Wait until one of them is uploaded."), (answer.GetProperty("code").GetString(), answer.GetProperty("message").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await TryUploadAsync(_bot)).Status);
    }

    [Fact]
    public async Task An_upload_that_ends_leaves_one_place_and_who_was_refused_took_none()
    {
        await using var held = await HoldAsync(4);
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.TooManyRequests, (await TryUploadAsync(_ada)).Status);

        Assert.Equal(HttpStatusCode.OK, await held.Uploads[0].EndAsync());

        await using var next = await _ada.HoldUploadAsync("room", _room.Id);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await TryUploadAsync(_ada)).Status);
        Assert.Equal(HttpStatusCode.OK, await next.EndAsync());
        Assert.Equal(HttpStatusCode.OK, (await TryUploadAsync(_ada)).Status);
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_its_place_and_is_nobodys_error()
    {
        await using var held = await HoldAsync(4);

        foreach (var upload in held.Uploads)
            await BreakOffAsync(upload);

        await using var next = await HoldAsync(4);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await TryUploadAsync(_ada)).Status);
        foreach (var upload in held.Uploads)
            Assert.Equal(HttpStatusCode.NotFound, await _ada.StatusAsync($"attachments/{upload.Id}"));
        Assert.DoesNotContain("fail:", site.Node.Log[_logged..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upload_that_is_refused_for_what_it_is_leaves_its_place()
    {
        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.BadRequest, (await _ada.TryUploadAsync("room", _room.Id, [])).Status);

        await using var held = await HoldAsync(4);
    }

    private Task<(HttpStatusCode Status, JsonElement Answer)> TryUploadAsync(ScriptClient person) =>
        person.TryUploadAsync("room", _room.Id, "text"u8.ToArray());

    private async Task<HeldUploads> HoldAsync(int count)
    {
        var held = new HeldUploads([]);
        while (held.Uploads.Count < count)
            held.Uploads.Add(await _ada.HoldUploadAsync("room", _room.Id));
        return held;
    }

    /// <summary>Breaks an upload off and returns when the node is done with its request.</summary>
    private async Task BreakOffAsync(HeldUpload upload)
    {
        await upload.BreakOffAsync();
        await site.Node.WaitForLogAsync($"Request finished HTTP/1.1 PUT {site.Node.Address}attachments/{upload.Id}");
    }

    private sealed record HeldUploads(List<HeldUpload> Uploads) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var upload in Uploads)
                await upload.DisposeAsync();
        }
    }
}

/// <summary>A site whose node logs each request that has ended.</summary>
public sealed class RequestLogSite : TestSite
{
    protected override string[] Settings => ["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics=Information"];
}
