using System.Net;
using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Rooms.Members;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorChat.Tests.Rooms.Permissions;

/// <summary>What became of a command: done, or the code of the refusal.</summary>
internal static class Outcome
{
    public const string Done = "done";
    public const string NotFound = "not_found";
    public const string Forbidden = "forbidden";
    public const string Conflict = "conflict";
    public const string Unauthorized = "unauthorized";

    public static string Of(HttpStatusCode status) => status switch
    {
        HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.SwitchingProtocols => Done,
        HttpStatusCode.NotFound => NotFound,
        HttpStatusCode.Forbidden => Forbidden,
        // A page redirects to the sign-in page.
        HttpStatusCode.Unauthorized or HttpStatusCode.Redirect => Unauthorized,
        _ => $"{status}",
    };
}

/// <summary>A way by which people or programs reach rooms.</summary>
internal abstract class Way(PermissionSite site)
{
    protected PermissionSite Site => site;

    public abstract IReadOnlyList<RoomCommand> Commands { get; }

    /// <summary>Whether such a person can try it.</summary>
    public virtual bool IsFor(Actor actor) => true;

    /// <summary>Whether it accepts the cookie or the key of such a person at all.</summary>
    public virtual bool Admits(Actor actor) => true;

    /// <summary>Tries a command and returns its <see cref="Outcome"/>.</summary>
    public abstract Task<string> TryAsync(Actor actor, RoomCommand command, RoomCase room);

    protected CookieContainer? CookiesOf(Actor actor) => site.BrowserOf(actor)?.Cookies;
}

/// <summary>The services, which pages call.</summary>
internal sealed class ServiceWay(PermissionSite site) : Way(site)
{
    private RoomMembers Members => Site.Services.Services.GetRequiredService<RoomMembers>();

    public override IReadOnlyList<RoomCommand> Commands { get; } =
        [.. Enum.GetValues<RoomCommand>().Except([RoomCommand.ReadFile, RoomCommand.UploadFile])];

    /// <summary>Others have no principal.</summary>
    public override bool IsFor(Actor actor) => actor is not (Actor.Anonymous or Actor.Banned);

    public override async Task<string> TryAsync(Actor actor, RoomCommand command, RoomCase room)
    {
        try
        {
            return await DoAsync(Site.PrincipalOf(actor), command, room) ? Outcome.Done : Outcome.NotFound;
        }
        catch (RefusedException refused)
        {
            return refused.WireCode;
        }
    }

    private async Task<bool> DoAsync(ClaimsPrincipal person, RoomCommand command, RoomCase room)
    {
        var (roomId, conversation, rooms) = (room.RoomId, Site.Services.Conversation, Site.Services.Rooms);
        await (command switch
        {
            RoomCommand.Read => conversation.ReadLatestAsync(person, roomId, default),
            RoomCommand.Follow => FollowAsync(person, roomId),
            RoomCommand.Send => conversation.SendAsync(person, roomId, Guid.NewGuid(), "x", default),
            RoomCommand.EditOwn => conversation.EditAsync(person, roomId, room.Own, "y", default),
            RoomCommand.DeleteOwn => conversation.DeleteAsync(person, roomId, room.Own, default),
            RoomCommand.EditOther => conversation.EditAsync(person, roomId, room.Other, "y", default),
            RoomCommand.DeleteOther => conversation.DeleteAsync(person, roomId, room.Other, default),
            RoomCommand.MarkRead => conversation.MarkReadAsync(person, roomId, room.Other, default),
            RoomCommand.Type => conversation.TypingAsync(person, roomId, default),
            RoomCommand.ListMembers => Members.ListAsync(person, roomId, default),
            RoomCommand.Rename => Site.Services.RoomSettings.RenameAsync(person, roomId, Site.NextName(), default),
            RoomCommand.Add => Members.AddAsync(person, roomId, Site.OtherPersonId, default),
            RoomCommand.Remove => Members.RemoveAsync(person, roomId, Site.WriterId, default),
            RoomCommand.Leave => Site.Services.Owners.LeaveAsync(person, roomId, newOwnerId: null, default),
            RoomCommand.Join => rooms.JoinAsync(person, roomId, default),
            _ => Task.CompletedTask,
        });
        return command != RoomCommand.List || (await rooms.ListJoinedAsync(person, default)).Any(joined => joined.Id == roomId);
    }

    private async Task FollowAsync(ClaimsPrincipal person, int roomId)
    {
        await using var pages = Site.Services.Conversation.FollowAsync(person, roomId, 0, default).GetAsyncEnumerator();
        Assert.True(await pages.MoveNextAsync());
    }
}

/// <summary>The first HTML of pages, for browsers.</summary>
internal sealed class PageWay(PermissionSite site) : Way(site)
{
    public override IReadOnlyList<RoomCommand> Commands { get; } = [RoomCommand.List, RoomCommand.Read];

    /// <summary>Pages ignore keys.</summary>
    public override bool Admits(Actor actor) => Site.KeyOf(actor) is null;

    public override async Task<string> TryAsync(Actor actor, RoomCommand command, RoomCase room)
    {
        using var http = new ScriptClient(Site.Node.Address, Site.KeyOf(actor), CookiesOf(actor));
        using var response = await http.GetAsync(command == RoomCommand.Read ? $"rooms/{room.RoomId}" : "");
        if (command == RoomCommand.Read || response.StatusCode != HttpStatusCode.OK)
            return Outcome.Of(response.StatusCode);
        var drawer = (await FormClient.ReadAsync(response)).QuerySelector("#drawer")!;
        return drawer.QuerySelector($"a[href='rooms/{room.RoomId}']") is null ? Outcome.NotFound : Outcome.Done;
    }
}

/// <summary>The addresses of files, for browsers and programs.</summary>
internal sealed class FileWay(PermissionSite site) : Way(site)
{
    public override IReadOnlyList<RoomCommand> Commands { get; } = [RoomCommand.ReadFile, RoomCommand.UploadFile];

    public override async Task<string> TryAsync(Actor actor, RoomCommand command, RoomCase room)
    {
        using var http = new ScriptClient(Site.Node.Address, Site.KeyOf(actor), CookiesOf(actor));
        return Outcome.Of(command == RoomCommand.ReadFile
            ? await http.StatusAsync($"attachments/{room.FileId}")
            : await http.UploadStatusAsync("room", room.RoomId));
    }
}

/// <summary>The socket of a room.</summary>
internal sealed class SocketWay(PermissionSite site) : Way(site)
{
    public override IReadOnlyList<RoomCommand> Commands { get; } =
    [
        RoomCommand.Follow, RoomCommand.Send, RoomCommand.EditOwn, RoomCommand.DeleteOwn, RoomCommand.EditOther, RoomCommand.DeleteOther,
        RoomCommand.MarkRead, RoomCommand.Type,
    ];

    public override async Task<string> TryAsync(Actor actor, RoomCommand command, RoomCase room)
    {
        var address = $"ws/chat/{room.RoomId}/chat/?after=0";
        var status = await SocketClient.StatusAsync(Site.Node.Address, address, CookiesOf(actor), key: Site.KeyOf(actor));
        if (status != HttpStatusCode.SwitchingProtocols)
            return Outcome.Of(status);
        await using var socket = await SocketClient.ConnectAsync(Site.Node.Address, address, CookiesOf(actor), key: Site.KeyOf(actor));
        if (command == RoomCommand.Follow)
            return (await socket.ReceiveJsonAsync()).GetProperty("type").GetString()!.StartsWith("chat.message", StringComparison.Ordinal) ? Outcome.Done : "";
        await socket.SendTextAsync(command switch
        {
            RoomCommand.Send => """{"type":"chat.message.send","message":"x"}""",
            RoomCommand.EditOwn => $$"""{"type":"chat.message.edit","sequence":{{room.Own}},"message":"y"}""",
            RoomCommand.DeleteOwn => $$"""{"type":"chat.message.delete","sequence":{{room.Own}}}""",
            RoomCommand.EditOther => $$"""{"type":"chat.message.edit","sequence":{{room.Other}},"message":"y"}""",
            RoomCommand.DeleteOther => $$"""{"type":"chat.message.delete","sequence":{{room.Other}}}""",
            RoomCommand.MarkRead => $$"""{"type":"chat.read","sequence":{{room.Other}}}""",
            _ => """{"type":"chat.typing"}""",
        });
        // A command that is carried out may have no answer. The next one is always refused.
        await socket.SendTextAsync("""{"type":"none"}""");
        var code = (await socket.ReceiveJsonAsync("error")).GetProperty("code").GetString()!;
        return code == "unknown_command" ? Outcome.Done : code;
    }
}

/// <summary>The hub.</summary>
internal sealed class HubWay(PermissionSite site) : Way(site)
{
    public override IReadOnlyList<RoomCommand> Commands { get; } =
    [
        RoomCommand.List, RoomCommand.Follow, RoomCommand.Send, RoomCommand.EditOwn, RoomCommand.DeleteOwn, RoomCommand.EditOther,
        RoomCommand.DeleteOther, RoomCommand.MarkRead, RoomCommand.Type,
    ];

    public override async Task<string> TryAsync(Actor actor, RoomCommand command, RoomCase room)
    {
        try
        {
            await using var hub = await (Site.KeyOf(actor) is { } key
                ? HubPeer.ConnectAsync(Site.Node.Address, key)
                : HubPeer.ConnectAsync(Site.Node.Address, CookiesOf(actor) ?? new CookieContainer()));
            return await DoAsync(hub, command, room) ? Outcome.Done : Outcome.NotFound;
        }
        catch (HttpRequestException refused)
        {
            return Outcome.Of(refused.StatusCode!.Value);
        }
        catch (HubException refusal)
        {
            return (await HubPeer.RefusedAsync(() => Task.FromException(refusal))).Code;
        }
    }

    private static async Task<bool> DoAsync(HubPeer hub, RoomCommand command, RoomCase room)
    {
        if (command == RoomCommand.List)
            return (await hub.RoomsAsync()).Any(joined => joined.Id == room.RoomId);
        await (command switch
        {
            RoomCommand.Follow => FollowAsync(hub, room.RoomId),
            RoomCommand.Send => hub.SendAsync(room.RoomId, "x"),
            RoomCommand.EditOwn => hub.EditAsync(room.RoomId, room.Own, "y"),
            RoomCommand.DeleteOwn => hub.DeleteAsync(room.RoomId, room.Own),
            RoomCommand.EditOther => hub.EditAsync(room.RoomId, room.Other, "y"),
            RoomCommand.DeleteOther => hub.DeleteAsync(room.RoomId, room.Other),
            RoomCommand.MarkRead => hub.MarkReadAsync(room.RoomId, room.Other),
            _ => hub.TypingAsync(room.RoomId),
        });
        return true;
    }

    private static async Task FollowAsync(HubPeer hub, int roomId)
    {
        await using var follow = hub.Follow(roomId, 0);
        await follow.NextAsync();
    }
}

/// <summary>The endpoint for scripts, which accepts keys of bots only.</summary>
internal sealed class ApiWay(PermissionSite site) : Way(site)
{
    public override IReadOnlyList<RoomCommand> Commands { get; } = [RoomCommand.Send];

    public override bool Admits(Actor actor) => Site.KeyOf(actor) is not null;

    public override async Task<string> TryAsync(Actor actor, RoomCommand command, RoomCase room)
    {
        using var http = new ScriptClient(Site.Node.Address, Site.KeyOf(actor), CookiesOf(actor));
        return Outcome.Of((await http.PostAsync(room.RoomId, new { message = "x" })).Status);
    }
}
