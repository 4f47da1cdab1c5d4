using System.Net;
using System.Text.Json;
using BlazorChat.Attachments.Thumbnails;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Api;
using Microsoft.AspNetCore.SignalR;

namespace BlazorChat.Tests.Rooms.Api;

/// <summary>The entry points of programs.</summary>
public enum EntryPoint
{
    Socket,
    Hub,
    Script,
}

/// <summary>Files of messages at all entry points of programs, on nodes that share Redis, as docs/protocol.md describes them.</summary>
[Trait("Speed", "Slow")]
public sealed class ChatAttachmentTests(WorkerlessSite site) : IClassFixture<WorkerlessSite>, IAsyncLifetime
{
    private static readonly JsonSerializerOptions Wire = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly Node _one = site.Node;
    private readonly Node _two = site.Second;
    private readonly int _logged = site.Node.Log.Length;
    private Member _zoe = default!;
    private Room _room = default!;
    private BotAccount _bot = default!;
    private ScriptClient _script = default!;

    private string Address => $"ws/chat/{_room.Id}/chat/";

    public async ValueTask InitializeAsync()
    {
        _zoe = await site.JoinAsync("Zoe");
        _room = await site.AddRoomAsync(RoomKind.Private, site.Ada, _zoe);
        _bot = await site.AddBotAsync("Deployer", _room);
        _script = new ScriptClient(_one.Address, _bot.Key);
    }

    public ValueTask DisposeAsync()
    {
        _script.Dispose();
        _zoe.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(EntryPoint.Socket)]
    [InlineData(EntryPoint.Hub)]
    [InlineData(EntryPoint.Script)]
    public async Task A_bot_sends_files_and_others_receive_their_metadata(EntryPoint entryPoint)
    {
        await using var socket = await SocketClient.ConnectAsync(_two.Address, Address, _zoe.Cookies);
        await using var hub = await HubPeer.ConnectAsync(_two.Address, _zoe.Cookies);
        await using var follow = hub.Follow(_room.Id, 0);
        var picture = TestPictures.Png(640, 480);
        var plan = await _script.UploadAsync("room", _room.Id, picture, "the plan.png");
        var notes = await _script.UploadAsync("room", _room.Id, "notes"u8.ToArray(), "notes.txt");

        Assert.Equal(new Answer(null, 1, 1), await SendAsync(entryPoint, Guid.NewGuid(), "", plan, notes));

        var created = await socket.ReceiveJsonAsync("chat.message.created");
        var change = await follow.NextAsync();
        ChatAttachment[] files =
        [
            new(plan, $"/attachments/{plan}", "the plan.png", "image/png", picture.Length, 640, 480, ChatAttachment.Pending),
            new(notes, $"/attachments/{notes}", "notes.txt", "application/octet-stream", 5, null, null, null),
        ];
        Assert.Equal(("Deployer", "", 1), (created.GetProperty("author_name").GetString(), created.GetProperty("message").GetString(), created.GetProperty("revision").GetInt32()));
        Assert.Equal(files, Files(created));
        Assert.Equal((ChatMessage.Created, 1L), (change.Type, change.Revision));
        Assert.Equal(files, change.Attachments);
        Assert.Equal(
            ["id", "address", "name", "content_type", "size"],
            created.GetProperty("attachments")[1].EnumerateObject().Select(field => field.Name));
        using var hers = await _zoe.GetAsync(files[0].Address);
        Assert.Equal(picture, await hers.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData(EntryPoint.Socket)]
    [InlineData(EntryPoint.Hub)]
    [InlineData(EntryPoint.Script)]
    public async Task A_repeated_send_has_its_files_once_and_no_others(EntryPoint entryPoint)
    {
        var id = Guid.NewGuid();
        var first = await _script.UploadAsync("room", _room.Id, [1]);
        var second = await _script.UploadAsync("room", _room.Id, [2]);

        Answer[] answers =
        [
            await SendAsync(entryPoint, id, "once", first),
            await SendAsync(entryPoint, id, "once", first),
            await SendAsync(entryPoint, id, "once", second),
            await SendAsync(entryPoint, Guid.NewGuid(), "next", second, second),
        ];

        Assert.Equal([new(null, 1, 1), new(null, 1, 1), Answer.Refused("conflict", "Another message was sent with this id."), new(null, 2, 2)], answers);
        await using var zoe = await SocketClient.ConnectAsync(_one.Address, $"{Address}?after=0", _zoe.Cookies);
        Assert.Equal([first], Files(await zoe.ReceiveJsonAsync("chat.message.created")).Select(file => file.Id));
        Assert.Equal([second], Files(await zoe.ReceiveJsonAsync("chat.message.created")).Select(file => file.Id));
    }

    [Theory]
    [InlineData(EntryPoint.Socket)]
    [InlineData(EntryPoint.Hub)]
    [InlineData(EntryPoint.Script)]
    public async Task A_send_with_the_files_of_others_is_refused(EntryPoint entryPoint)
    {
        using var zoe = new ScriptClient(_one.Address, cookies: _zoe.Cookies);
        var own = await _script.UploadAsync("room", _room.Id, [1]);
        var sent = await _script.UploadAsync("room", _room.Id, [2]);
        var hers = await zoe.UploadAsync("room", _room.Id, [3]);
        var elsewhere = await _script.UploadAsync("room", 1, [4]);
        Assert.Null((await SendAsync(entryPoint, Guid.NewGuid(), "first", sent)).Refusal);

        foreach (var wrong in new[] { hers, elsewhere, sent, Guid.NewGuid() })
            Assert.Equal(Answer.Refused("not_found", "A file is no longer available. Attach it again."), await SendAsync(entryPoint, Guid.NewGuid(), "x", own, wrong));
        Assert.Equal(
            Answer.Refused("invalid", "A message has at most 10 files."),
            await SendAsync(entryPoint, Guid.NewGuid(), "x", [own, .. Enumerable.Range(0, 10).Select(_ => Guid.NewGuid())]));

        Assert.Equal(new Answer(null, 2, 2), await SendAsync(entryPoint, Guid.NewGuid(), "second", own));
        Assert.DoesNotContain("fail:", _one.Log[_logged..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_files_are_sent_in_order()
    {
        var ids = new List<Guid>();
        while (ids.Count < 10)
            ids.Add(await _script.UploadAsync("room", _room.Id, [(byte)ids.Count]));
        ids.Reverse();

        await SendAsync(EntryPoint.Hub, Guid.NewGuid(), "", [.. ids]);

        await using var zoe = await SocketClient.ConnectAsync(_two.Address, $"{Address}?after=0", _zoe.Cookies);
        Assert.Equal(ids, Files(await zoe.ReceiveJsonAsync("chat.message.created")).Select(file => file.Id));
    }

    [Fact]
    public async Task A_bot_that_is_not_a_member_receives_no_files()
    {
        using var other = new ScriptClient(_one.Address, (await site.AddBotAsync("Other")).Key);
        var file = await _script.UploadAsync("room", _room.Id, [1]);
        await SendAsync(EntryPoint.Script, Guid.NewGuid(), "secret", file);

        var (upload, why) = await other.TryUploadAsync("room", _room.Id, [2]);
        var (post, _) = await other.PostAsync(_room.Id, new { message = "x", attachments = new[] { file } });

        Assert.Equal((HttpStatusCode.NotFound, "not_found"), (upload, why.GetProperty("code").GetString()));
        Assert.Equal(HttpStatusCode.NotFound, post);
        Assert.Equal(HttpStatusCode.NotFound, await other.StatusAsync($"attachments/{file}"));
        Assert.Equal(HttpStatusCode.OK, await _script.StatusAsync($"attachments/{file}"));
    }

    [Fact]
    public async Task An_invalid_key_is_unauthorized()
    {
        using var wrong = new ScriptClient(_one.Address, "bc_wrong");

        var (status, answer) = await wrong.TryUploadAsync("room", _room.Id, [1]);

        Assert.Equal((HttpStatusCode.Unauthorized, "unauthorized"), (status, answer.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Malformed_file_fields_get_an_error_and_the_connection_stays_open()
    {
        await using var socket = await SocketClient.ConnectAsync(_one.Address, Address, key: _bot.Key);
        await using var hub = await HubPeer.ConnectAsync(_one.Address, _bot.Key);
        foreach (var wrong in new[] { "\"x\"", "[7]", "[\"x\"]", "[null]" })
        {
            await socket.SendTextAsync($$"""{"message":"x","attachments":{{wrong}}}""");
            Assert.Equal((wrong, "malformed"), (wrong, (await socket.ReceiveJsonAsync("error")).GetProperty("code").GetString()));
        }

        Assert.Equal("invalid", (await HubPeer.RefusedAsync(() => hub.InvokeAsync<ChatReceipt>("SendFiles", _room.Id, Guid.NewGuid(), " ", null))).Code);
        Assert.Equal("not_found", (await HubPeer.RefusedAsync(() => hub.InvokeAsync<ChatReceipt>("SendFiles", _room.Id, Guid.NewGuid(), null, new[] { Guid.NewGuid() }))).Code);
        await socket.SendTextAsync("""{"message":"x","attachments":null}""");
        await socket.ReceiveJsonAsync("chat.message.accepted");
        Assert.DoesNotContain("fail:", _one.Log[_logged..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Curl_uploads_a_file_and_sends_it()
    {
        var file = Path.Combine(Node.NewDataFolder(), "photo.jpg");
        await File.WriteAllBytesAsync(file, TestPictures.Jpeg(300, 200));
        var (id, key) = (Guid.NewGuid(), $"Authorization: Bearer {_bot.Key}");
        await using var zoe = await SocketClient.ConnectAsync(_one.Address, Address, _zoe.Cookies);

        var (uploaded, receipt) = await Curl.RunAsync(["-H", key, "-T", file, $"{_one.Address}attachments/{id}?owner=room&ownerId={_room.Id}&name=photo.jpg"]);
        var (sent, _) = await Curl.RunAsync(["-H", key, "--json", $$"""{"message": "Look", "attachments": ["{{id}}"]}""", $"{_one.Address}api/rooms/{_room.Id}/messages"]);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Created), (uploaded, sent));
        Assert.Equal((300, 200, true), (receipt.GetProperty("width").GetInt32(), receipt.GetProperty("height").GetInt32(), receipt.GetProperty("is_picture").GetBoolean()));
        var photo = Assert.Single(Files(await zoe.ReceiveJsonAsync("chat.message.created")));
        Assert.Equal((id, "photo.jpg", "image/jpeg"), (photo.Id, photo.Name, photo.ContentType));
    }

    [Theory]
    [InlineData(ChatAttachment.Ready, HttpStatusCode.OK)]
    [InlineData(ChatAttachment.Failed, HttpStatusCode.NotFound)]
    public async Task Followers_receive_the_state_of_thumbnails_also_later(string state, HttpStatusCode thumbnail)
    {
        var picture = TestPictures.Jpeg(1500, 1500);
        var id = await _script.UploadAsync("room", _room.Id, state == ChatAttachment.Ready ? picture : TestPictures.Truncated(picture), "photo.jpg");
        await using var socket = await SocketClient.ConnectAsync(_one.Address, Address, _zoe.Cookies);
        await using var hub = await HubPeer.ConnectAsync(_one.Address, _bot.Key);
        await using var follow = hub.Follow(_room.Id, 0);
        await SendAsync(EntryPoint.Script, Guid.NewGuid(), "Look", id);
        var created = await socket.ReceiveJsonAsync("chat.message.created");
        Assert.Equal(ChatAttachment.Pending, Assert.Single((await follow.NextAsync()).Attachments!).Thumbnails);
        Assert.Equal(HttpStatusCode.NotFound, await _script.StatusAsync($"attachments/{id}/400"));

        await using var worker = await site.StartWorkerAsync();
        var updated = await socket.ReceiveJsonAsync("chat.message.updated");
        var change = await follow.NextAsync();

        CheckUpdated(updated);
        Assert.Equal((ChatMessage.Updated, 1L, 2L, "Look", null), (change.Type, change.Sequence, change.Revision, change.Message, change.EditedAt));
        Assert.Equal(Files(updated), change.Attachments);
        foreach (var width in new[] { 400, 1200 })
            Assert.Equal(thumbnail, await _script.StatusAsync($"attachments/{id}/{width}"));
        foreach (var node in new[] { _one, _two })
        {
            await using var back = await SocketClient.ConnectAsync(node.Address, $"{Address}?after=1", _zoe.Cookies);
            await using var program = await HubPeer.ConnectAsync(node.Address, _bot.Key);
            await using var rest = program.Follow(_room.Id, 1);
            CheckUpdated(await back.ReceiveJsonAsync());
            var next = await rest.NextAsync();
            Assert.Equal((ChatMessage.Updated, 2L, state), (next.Type, next.Revision, Assert.Single(next.Attachments!).Thumbnails));
        }

        void CheckUpdated(JsonElement frame)
        {
            Assert.Equal("chat.message.updated", frame.GetProperty("type").GetString());
            Assert.Equal((1, 2, "Look"), (frame.GetProperty("sequence").GetInt32(), frame.GetProperty("revision").GetInt32(), frame.GetProperty("message").GetString()));
            Assert.False(frame.TryGetProperty("edited_at", out _));
            Assert.Equal(Assert.Single(Files(created)) with { Thumbnails = state }, Assert.Single(Files(frame)));
        }
    }

    /// <summary>Sends a message of the bot with files.</summary>
    private Task<Answer> SendAsync(EntryPoint entryPoint, Guid id, string message, params Guid[] files) => entryPoint switch
    {
        EntryPoint.Socket => SendBySocketAsync(id, message, files),
        EntryPoint.Hub => SendByHubAsync(id, message, files),
        _ => SendByScriptAsync(id, message, files),
    };

    private async Task<Answer> SendBySocketAsync(Guid id, string message, Guid[] files)
    {
        await using var socket = await SocketClient.ConnectAsync(_one.Address, Address, key: _bot.Key);
        await socket.SendTextAsync(JsonSerializer.Serialize(new { type = "chat.message.send", client_message_id = id, message, attachments = files }));
        while (true)
        {
            var frame = await socket.ReceiveJsonAsync();
            if (frame.GetProperty("type").GetString() is "chat.message.accepted" or "error")
            {
                Assert.Equal(id, frame.GetProperty("client_message_id").GetGuid());
                return Answer.Read(frame);
            }
        }
    }

    private async Task<Answer> SendByHubAsync(Guid id, string message, Guid[] files)
    {
        await using var hub = await HubPeer.ConnectAsync(_one.Address, _bot.Key);
        try
        {
            var receipt = await hub.SendFilesAsync(_room.Id, message, id, files);
            return new Answer(null, receipt.Sequence, receipt.Revision);
        }
        catch (HubException refusal)
        {
            var (code, reason) = await HubPeer.RefusedAsync(() => Task.FromException(refusal));
            return Answer.Refused(code, reason);
        }
    }

    private async Task<Answer> SendByScriptAsync(Guid id, string message, Guid[] files)
    {
        var (status, answer) = await _script.PostAsync(_room.Id, new { message, client_message_id = id, attachments = files });
        var read = Answer.Read(answer);
        Assert.Equal(read.Refusal is null, status is HttpStatusCode.Created or HttpStatusCode.OK);
        return read;
    }

    private static ChatAttachment[] Files(JsonElement frame) => frame.GetProperty("attachments").Deserialize<ChatAttachment[]>(Wire)!;

    /// <summary>The answer of any entry point to a send.</summary>
    /// <param name="Refusal">The code and the reason; null when the message is stored.</param>
    private sealed record Answer(string? Refusal, long Sequence, long Revision)
    {
        public static Answer Refused(string code, string reason) => new($"{code}: {reason}", 0, 0);

        public static Answer Read(JsonElement answer) => answer.TryGetProperty("code", out var code)
            ? Refused(code.GetString()!, answer.GetProperty("message").GetString()!)
            : new(null, answer.GetProperty("sequence").GetInt64(), answer.GetProperty("revision").GetInt64());
    }
}

/// <summary>Two nodes without workers: thumbnails are generated when a test starts one.</summary>
public sealed class WorkerlessSite : TwoNodeSite
{
    protected override string[] Settings => [.. base.Settings, "Channels:Workers:Run=false"];

    public Task<NodeProcess> StartWorkerAsync() =>
        NodeProcess.StartWorkerAsync(ThumbnailConsumer.Channel, [.. Settings, $"Data:Folder={Node.DataFolder}"]);
}
