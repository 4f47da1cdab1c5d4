using System.Net;
using System.Security.Claims;
using System.Text.Json;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Api;
using BlazorChat.Rooms.Api.Bots;
using BlazorChat.Rooms.Bots;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Mentions;
using BlazorChat.Rooms.Messages;
using BlazorChat.Rooms.Messages.Versions;
using BlazorChat.Rooms.Pins;
using BlazorChat.Rooms.Polls;
using BlazorChat.Rooms.Previews;
using BlazorChat.Rooms.Reactions;
using BlazorChat.Rooms.Reminders;
using BlazorChat.Rooms.Saved;
using BlazorChat.Rooms.Scheduled;
using BlazorChat.Rooms.Search;
using BlazorChat.Rooms.Threads;
using BlazorChat.Shell.Jump;
using Microsoft.AspNetCore.SignalR;
using Microsoft.EntityFrameworkCore;

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
        HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.NoContent or HttpStatusCode.SwitchingProtocols => Done,
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

    /// <summary>When a scheduled message is due.</summary>
    protected static DateTimeOffset Tomorrow => DateTimeOffset.UtcNow.AddDays(1);

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
    private RoomMembers Members => Get<RoomMembers>();

    private RoomPreferences Preferences => Get<RoomPreferences>();

    private ThreadDirectory Threads => Site.Services.Services.GetRequiredService<ThreadDirectory>();

    private ThreadFollows Follows => Site.Services.Services.GetRequiredService<ThreadFollows>();

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

    /// <returns>False when a list does not have the room.</returns>
    /// <exception cref="RefusedException">The service refuses the command.</exception>
    internal async Task<bool> DoAsync(ClaimsPrincipal person, RoomCommand command, RoomCase room)
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
            RoomCommand.MarkUnread => conversation.MarkUnreadAsync(person, roomId, room.Other, default),
            RoomCommand.ReadRoom => rooms.GetAsync(person, roomId, default),
            RoomCommand.CompletePeople => Get<Completion>().ListPeopleAsync(person, roomId, "", default),
            RoomCommand.CountHere => Get<Completion>().CountHereAsync(person, roomId, default),
            RoomCommand.CountFollowers => Get<Completion>().CountFollowersAsync(person, roomId, room.Other, default),
            RoomCommand.FindDate => Get<MessageDates>().FindAsync(person, roomId, DateTime.UtcNow, default),
            RoomCommand.ReadProfile => Get<Profiles>().GetAsync(person, Site.WriterId, default),
            RoomCommand.OpenDirect => Site.Services.DirectRooms.OpenAsync(person, [Site.WriterId], default),
            RoomCommand.SetLevel => Preferences.SetLevelAsync(person, roomId, RoomLevel.Everything, default),
            RoomCommand.SetFavourite => Preferences.SetFavouriteAsync(person, roomId, true, default),
            RoomCommand.Hide => Preferences.HideAsync(person, roomId, default),
            RoomCommand.Show => Preferences.ShowAsync(person, roomId, default),
            RoomCommand.ChangeKind => Site.Services.RoomSettings.ChangeAsync(
                person, roomId, new RoomEdit(Kind: await KindAsync(roomId) == RoomKind.Open ? RoomKind.Private : RoomKind.Open), default),
            RoomCommand.SetOwner => Site.Services.Owners.SetOwnerAsync(person, roomId, Site.WriterId, isOwner: true, default),
            RoomCommand.Archive => Site.Services.RoomLifecycle.ArchiveAsync(person, roomId, default),
            RoomCommand.Unarchive => Site.Services.RoomLifecycle.UnarchiveAsync(person, roomId, default),
            RoomCommand.Delete => Site.Services.RoomLifecycle.DeleteAsync(person, roomId, default),
            RoomCommand.Type => conversation.TypingAsync(person, roomId, default),
            RoomCommand.ListMembers => Members.ListAsync(person, roomId, default),
            RoomCommand.ListPresence => Get<RoomPresence>().ListAsync(person, roomId, default),
            RoomCommand.FollowPresence => Get<PresenceFollows>().FollowAsync(person, roomId, default),
            RoomCommand.Rename => Site.Services.RoomSettings.RenameAsync(person, roomId, Site.NextName(), default),
            RoomCommand.LimitMentions => Site.Services.RoomSettings.ChangeAsync(person, roomId, new RoomEdit(OnlyOwnersMentionRoom: true), default),
            RoomCommand.Add => Members.AddAsync(person, roomId, Site.OtherPersonId, default),
            RoomCommand.Remove => Members.RemoveAsync(person, roomId, Site.WriterId, default),
            RoomCommand.Leave => Site.Services.Owners.LeaveAsync(person, roomId, newOwnerId: null, default),
            RoomCommand.Join => rooms.JoinAsync(person, roomId, default),
            RoomCommand.ReadVersions => Get<EditHistory>().ReadAsync(person, roomId, room.Other, before: null, default),
            RoomCommand.ReadThread => Threads.OpenAsync(person, roomId, room.Other, default),
            RoomCommand.Reply => conversation.ReplyAsync(person, roomId, room.Other, Guid.NewGuid(), "x", [], isInRoom: false, default),
            RoomCommand.EditReply => conversation.EditAsync(person, roomId, await Threads.FindSequenceAsync(roomId, room.Other, 1, default), "y", default),
            RoomCommand.DeleteReply => conversation.DeleteAsync(person, roomId, await Threads.FindSequenceAsync(roomId, room.Other, 1, default), default),
            RoomCommand.React => Get<MessageReactions>().AddAsync(person, roomId, room.Other, "👍", default),
            RoomCommand.Unreact => Get<MessageReactions>().RemoveAsync(person, roomId, room.Other, "👍", default),
            RoomCommand.ReactToReply => Get<MessageReactions>().AddAsync(person, roomId, await Threads.FindSequenceAsync(roomId, room.Other, 1, default), "👍", default),
            RoomCommand.Pin => Get<MessagePins>().SetAsync(person, roomId, room.Other, isSet: true, default),
            RoomCommand.Unpin => Get<MessagePins>().SetAsync(person, roomId, room.Other, isSet: false, default),
            RoomCommand.PinReply => Get<MessagePins>().SetAsync(person, roomId, await Threads.FindSequenceAsync(roomId, room.Other, 1, default), isSet: true, default),
            RoomCommand.Save => Get<SavedMessages>().SaveAsync(person, roomId, room.Other, default),
            RoomCommand.Remind => Get<MessageReminders>().RemindAsync(person, roomId, room.Other, Tomorrow, null, default),
            RoomCommand.Schedule => Get<ScheduledMessages>().ScheduleAsync(person, new NewScheduled(roomId, Guid.NewGuid(), "x", Tomorrow), default),
            RoomCommand.ListPins => Get<MessagePins>().ListAsync(person, roomId, default),
            RoomCommand.SendPoll => Get<RoomPolls>().SendAsync(person, roomId, Guid.NewGuid(), "x", new PollDraft(["a", "b"]), default),
            RoomCommand.Vote => Get<RoomPolls>().VoteAsync(person, roomId, room.Other, [1], default),
            RoomCommand.ReadVote => Get<RoomPolls>().FindVoteAsync(person, roomId, room.Other, default),
            RoomCommand.EndOwnPoll => Get<RoomPolls>().EndAsync(person, roomId, room.Own, default),
            RoomCommand.EndOtherPoll => Get<RoomPolls>().EndAsync(person, roomId, room.Other, default),
            RoomCommand.RemovePreviews => Get<MessagePreviews>().RemoveAsync(person, roomId, room.Other, null, default),
            RoomCommand.RemoveOwnPreviews => Get<MessagePreviews>().RemoveAsync(person, roomId, room.Own, null, default),
            RoomCommand.RemoveReplyPreviews => Get<MessagePreviews>().RemoveAsync(person, roomId, await Threads.FindSequenceAsync(roomId, room.Other, 1, default), null, default),
            RoomCommand.CallBot => Get<BotCommands>().CallAsync(person, roomId, PermissionSite.CommandOf(Actor.MemberBot), "x", Guid.NewGuid(), default),
            RoomCommand.DeclareCommands => Get<BotCommands>().SetAsync(person, [new(CommandOf(person), "", "x")], default),
            RoomCommand.ListDeclared => Get<BotCommands>().ListAsync(person, default),
            RoomCommand.AcknowledgeCall => Get<BotCommands>().AcknowledgeAsync(person, await Site.FindCallAsync(roomId) ?? 0, default),
            RoomCommand.FollowThread => Follows.FollowAsync(person, roomId, room.Other, default),
            RoomCommand.MarkThreadRead => Follows.MarkReadAsync(person, roomId, room.Other, 1, default),
            _ => Task.CompletedTask,
        });
        return command switch
        {
            RoomCommand.List => (await rooms.ListJoinedAsync(person, default)).Any(joined => joined.Id == roomId),
            RoomCommand.ListUnread => await ListsUnreadAsync(person, roomId),
            RoomCommand.ListMentions => (await Site.Services.Mentions.ListAsync(person, before: null, default)).Any(mention => mention.Message.RoomId == roomId),
            RoomCommand.ListThreads => (await Threads.ListAsync(person, before: null, default)).Any(thread => thread.Root.RoomId == roomId),
            RoomCommand.Search => (await Get<RoomSearch>().FindAsync(person, "Hello", roomId, after: null, TimeZoneInfo.Utc, default)).Results.Count > 0,
            RoomCommand.Jump => await CanJumpAsync(person, roomId),
            RoomCommand.ListBotCommands => (await Get<BotCommands>().ListOfRoomAsync(person, roomId, default)).Count > 0,
            RoomCommand.ListCalls => (await Get<BotCommands>().ListCallsAsync(person, 0, default)).Any(call => call.RoomId == roomId),
            RoomCommand.AcknowledgeCall => await Site.FindCallAsync(roomId) is null,
            _ => true,
        };
    }

    private T Get<T>()
        where T : notnull => Site.Services.Services.GetRequiredService<T>();

    private static string CommandOf(ClaimsPrincipal person) => $"do-{person.FindFirstValue(SignedInUser.DisplayNameClaim)}".ToLowerInvariant();

    private async Task<RoomKind> KindAsync(int roomId)
    {
        await using var db = await Site.Services.OpenAsync();
        return await db.Rooms.Where(room => room.Id == roomId).Select(room => room.Kind).SingleOrDefaultAsync();
    }

    private async Task<bool> CanJumpAsync(ClaimsPrincipal person, int roomId)
    {
        var targets = ActivatorUtilities.CreateInstance<JumpTargets>(Site.Services.Services);
        var (listed, found) = (await targets.ListAsync(person, default), await targets.FindAsync(person, await Site.NameOfAsync(roomId), default));
        return listed.Items.Concat(found.Items).Any(target => target.Address == $"rooms/{roomId}");
    }

    private async Task<bool> ListsUnreadAsync(ClaimsPrincipal person, int roomId)
    {
        RoomView? last = null;
        while (true)
        {
            var page = await Get<UnreadRooms>().ListAsync(person, last, default);
            if (page.Rooms.Any(unread => unread.Room.Id == roomId))
                return true;
            if (!page.HasMore)
                return false;
            last = page.Rooms[^1].Room;
        }
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
    public override IReadOnlyList<RoomCommand> Commands { get; } =
        [RoomCommand.List, RoomCommand.Read, RoomCommand.ReadThread, RoomCommand.ListMentions, RoomCommand.ListThreads, RoomCommand.Search];

    /// <summary>Pages ignore keys.</summary>
    public override bool Admits(Actor actor) => Site.KeyOf(actor) is null;

    public override async Task<string> TryAsync(Actor actor, RoomCommand command, RoomCase room)
    {
        using var http = new ScriptClient(Site.Node.Address, Site.KeyOf(actor), CookiesOf(actor));
        // A page, and what it shows when the person may see the room.
        var (address, shown) = command switch
        {
            RoomCommand.Read => ($"rooms/{room.RoomId}", "[role=log] article"),
            RoomCommand.ReadThread => ($"rooms/{room.RoomId}/{room.Other}", ".thread article"),
            RoomCommand.ListMentions => ("mentions", $".mention-list a[href^='rooms/{room.RoomId}#']"),
            RoomCommand.ListThreads => ("threads", $".thread-list a[href^='rooms/{room.RoomId}/']"),
            RoomCommand.Search => ($"search?q=Hello&in={room.RoomId}", $".search-results a[href^='rooms/{room.RoomId}#']"),
            _ => ("", $"#drawer a[href='rooms/{room.RoomId}']"),
        };
        using var response = await http.GetAsync(address);
        if (response.StatusCode != HttpStatusCode.OK)
            return Outcome.Of(response.StatusCode);
        return (await FormClient.ReadAsync(response)).QuerySelector(shown) is null ? Outcome.NotFound : Outcome.Done;
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
        RoomCommand.MarkRead, RoomCommand.MarkUnread, RoomCommand.ReadRoom, RoomCommand.ListMentions, RoomCommand.Type, RoomCommand.ListPresence,
        RoomCommand.Reply, RoomCommand.EditReply, RoomCommand.DeleteReply, RoomCommand.FollowThread, RoomCommand.MarkThreadRead,
        RoomCommand.FollowPresence, RoomCommand.ReadVersions, RoomCommand.React, RoomCommand.Unreact, RoomCommand.ReactToReply, RoomCommand.Search,
        RoomCommand.Pin, RoomCommand.Unpin, RoomCommand.PinReply, RoomCommand.ListPins, RoomCommand.Schedule, RoomCommand.Remind,
        RoomCommand.SendPoll, RoomCommand.Vote, RoomCommand.ReadVote, RoomCommand.EndOwnPoll, RoomCommand.EndOtherPoll,
        RoomCommand.RemovePreviews, RoomCommand.RemoveOwnPreviews, RoomCommand.RemoveReplyPreviews,
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
            RoomCommand.MarkUnread => $$"""{"type":"chat.unread","sequence":{{room.Other}}}""",
            RoomCommand.ReadRoom => """{"type":"chat.room"}""",
            RoomCommand.ListMentions => """{"type":"chat.mentions"}""",
            RoomCommand.Search => """{"type":"chat.search","query":"Hello"}""",
            RoomCommand.ListPresence => """{"type":"chat.presence"}""",
            RoomCommand.Reply => $$"""{"type":"chat.message.send","thread":{{room.Other}},"message":"x"}""",
            RoomCommand.EditReply => $$"""{"type":"chat.message.edit","thread":{{room.Other}},"reply":1,"message":"y"}""",
            RoomCommand.DeleteReply => $$"""{"type":"chat.message.delete","thread":{{room.Other}},"reply":1}""",
            RoomCommand.FollowThread => $$"""{"type":"chat.thread.follow","thread":{{room.Other}}}""",
            RoomCommand.MarkThreadRead => $$"""{"type":"chat.read","thread":{{room.Other}},"reply":1}""",
            RoomCommand.ReadVersions => $$"""{"type":"chat.versions","sequence":{{room.Other}}}""",
            RoomCommand.FollowPresence => """{"type":"chat.presence.follow"}""",
            RoomCommand.React => $$"""{"type":"chat.react","sequence":{{room.Other}},"emoji":"👍"}""",
            RoomCommand.Unreact => $$"""{"type":"chat.unreact","sequence":{{room.Other}},"emoji":"👍"}""",
            RoomCommand.ReactToReply => $$"""{"type":"chat.react","thread":{{room.Other}},"reply":1,"emoji":"👍"}""",
            RoomCommand.Pin => $$"""{"type":"chat.pin","sequence":{{room.Other}}}""",
            RoomCommand.Unpin => $$"""{"type":"chat.unpin","sequence":{{room.Other}}}""",
            RoomCommand.PinReply => $$"""{"type":"chat.pin","thread":{{room.Other}},"reply":1}""",
            RoomCommand.ListPins => """{"type":"chat.pins"}""",
            RoomCommand.SendPoll => """{"type":"chat.message.send","message":"x","poll":{"options":["a","b"]}}""",
            RoomCommand.Vote => $$"""{"type":"chat.vote","sequence":{{room.Other}},"options":[1]}""",
            RoomCommand.ReadVote => $$"""{"type":"chat.vote.read","sequence":{{room.Other}}}""",
            RoomCommand.EndOwnPoll => $$"""{"type":"chat.poll.end","sequence":{{room.Own}}}""",
            RoomCommand.EndOtherPoll => $$"""{"type":"chat.poll.end","sequence":{{room.Other}}}""",
            RoomCommand.Remind => $$"""{"type":"chat.remind","sequence":{{room.Other}},"due_at":"{{Tomorrow:o}}"}""",
            RoomCommand.Schedule => $$"""{"type":"chat.schedule","message":"x","due_at":"{{Tomorrow:o}}"}""",
            RoomCommand.RemovePreviews => $$"""{"type":"chat.preview.remove","sequence":{{room.Other}}}""",
            RoomCommand.RemoveOwnPreviews => $$"""{"type":"chat.preview.remove","sequence":{{room.Own}}}""",
            RoomCommand.RemoveReplyPreviews => $$"""{"type":"chat.preview.remove","thread":{{room.Other}},"reply":1}""",
            _ => """{"type":"chat.typing"}""",
        });
        if (command == RoomCommand.ListMentions)
            return (await socket.ReceiveJsonAsync("chat.mentions")).GetProperty("mentions").GetArrayLength() > 0 ? Outcome.Done : Outcome.NotFound;
        if (command == RoomCommand.Search)
            return (await socket.ReceiveJsonAsync("chat.search")).GetProperty("results").GetArrayLength() > 0 ? Outcome.Done : Outcome.NotFound;
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
        RoomCommand.DeleteOther, RoomCommand.MarkRead, RoomCommand.MarkUnread, RoomCommand.ListMentions, RoomCommand.Type, RoomCommand.ListPresence,
        RoomCommand.SetLevel, RoomCommand.OpenDirect, RoomCommand.DeclareCommands, RoomCommand.ListCalls, RoomCommand.AcknowledgeCall,
        RoomCommand.Reply, RoomCommand.EditReply, RoomCommand.DeleteReply, RoomCommand.FollowThread, RoomCommand.MarkThreadRead, RoomCommand.ListThreads,
        RoomCommand.React, RoomCommand.Unreact, RoomCommand.ReactToReply, RoomCommand.ReadVersions, RoomCommand.Search,
        RoomCommand.Pin, RoomCommand.Unpin, RoomCommand.PinReply, RoomCommand.ListPins, RoomCommand.Schedule, RoomCommand.Remind,
        RoomCommand.SendPoll, RoomCommand.Vote, RoomCommand.ReadVote, RoomCommand.EndOwnPoll, RoomCommand.EndOtherPoll,
        RoomCommand.RemovePreviews, RoomCommand.RemoveOwnPreviews, RoomCommand.RemoveReplyPreviews,
    ];

    public override async Task<string> TryAsync(Actor actor, RoomCommand command, RoomCase room)
    {
        try
        {
            await using var hub = await (Site.KeyOf(actor) is { } key
                ? HubPeer.ConnectAsync(Site.Node.Address, key)
                : HubPeer.ConnectAsync(Site.Node.Address, CookiesOf(actor) ?? new CookieContainer()));
            return await DoAsync(hub, actor, command, room) ? Outcome.Done : Outcome.NotFound;
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

    private async Task<bool> DoAsync(HubPeer hub, Actor actor, RoomCommand command, RoomCase room)
    {
        if (command == RoomCommand.List)
            return (await hub.RoomsAsync()).Any(joined => joined.Id == room.RoomId);
        if (command == RoomCommand.ListMentions)
            return (await hub.MentionsAsync()).Any(mention => mention.Message.RoomId == room.RoomId);
        if (command == RoomCommand.ListThreads)
            return (await hub.ThreadsAsync()).Any(thread => thread.Message.RoomId == room.RoomId);
        if (command == RoomCommand.Search)
            return (await hub.SearchAsync("Hello", room.RoomId)).Results.Count > 0;
        if (command == RoomCommand.ListCalls)
            return (await hub.CallsAsync()).Any(call => call.RoomId == room.RoomId);
        await (command switch
        {
            RoomCommand.Follow => FollowAsync(hub, room.RoomId),
            RoomCommand.Send => hub.SendAsync(room.RoomId, "x"),
            RoomCommand.EditOwn => hub.EditAsync(room.RoomId, room.Own, "y"),
            RoomCommand.DeleteOwn => hub.DeleteAsync(room.RoomId, room.Own),
            RoomCommand.EditOther => hub.EditAsync(room.RoomId, room.Other, "y"),
            RoomCommand.DeleteOther => hub.DeleteAsync(room.RoomId, room.Other),
            RoomCommand.MarkRead => hub.MarkReadAsync(room.RoomId, room.Other),
            RoomCommand.MarkUnread => hub.MarkUnreadAsync(room.RoomId, room.Other),
            RoomCommand.SetLevel => hub.SetLevelAsync(room.RoomId, "everything"),
            RoomCommand.OpenDirect => hub.OpenDirectAsync(Site.WriterId),
            RoomCommand.ListPresence => hub.PresenceAsync(room.RoomId),
            RoomCommand.Reply => hub.ReplyAsync(room.RoomId, room.Other, "x"),
            RoomCommand.EditReply => hub.EditReplyAsync(room.RoomId, room.Other, 1, "y"),
            RoomCommand.DeleteReply => hub.DeleteReplyAsync(room.RoomId, room.Other, 1),
            RoomCommand.FollowThread => hub.FollowThreadAsync(room.RoomId, room.Other, isFollowed: true),
            RoomCommand.ReadVersions => hub.VersionsAsync(room.RoomId, room.Other),
            RoomCommand.MarkThreadRead => hub.MarkThreadReadAsync(room.RoomId, room.Other, 1),
            RoomCommand.React => hub.ReactAsync(room.RoomId, room.Other, "👍"),
            RoomCommand.Unreact => hub.ReactAsync(room.RoomId, room.Other, "👍", isSet: false),
            RoomCommand.ReactToReply => hub.ReactToReplyAsync(room.RoomId, room.Other, 1, "👍"),
            RoomCommand.Pin => hub.PinAsync(room.RoomId, room.Other),
            RoomCommand.Unpin => hub.PinAsync(room.RoomId, room.Other, isSet: false),
            RoomCommand.PinReply => hub.PinReplyAsync(room.RoomId, room.Other, 1),
            RoomCommand.ListPins => hub.PinsAsync(room.RoomId),
            RoomCommand.SendPoll => hub.SendPollAsync(room.RoomId, "x", new ChatNewPoll(["a", "b"])),
            RoomCommand.Vote => hub.VoteAsync(room.RoomId, room.Other, 1),
            RoomCommand.ReadVote => hub.ReadVoteAsync(room.RoomId, room.Other),
            RoomCommand.EndOwnPoll => hub.EndPollAsync(room.RoomId, room.Own),
            RoomCommand.EndOtherPoll => hub.EndPollAsync(room.RoomId, room.Other),
            RoomCommand.Remind => hub.RemindAsync(room.RoomId, room.Other, Tomorrow),
            RoomCommand.Schedule => hub.ScheduleAsync(room.RoomId, Guid.NewGuid(), "x", Tomorrow),
            RoomCommand.RemovePreviews => hub.RemovePreviewAsync(room.RoomId, room.Other),
            RoomCommand.RemoveOwnPreviews => hub.RemovePreviewAsync(room.RoomId, room.Own),
            RoomCommand.RemoveReplyPreviews => hub.RemoveReplyPreviewAsync(room.RoomId, room.Other, 1),
            RoomCommand.DeclareCommands => hub.SetCommandsAsync(new ChatBotCommand(PermissionSite.CommandOf(actor), "x")),
            RoomCommand.AcknowledgeCall => hub.AcknowledgeCallAsync(await Site.FindCallAsync(room.RoomId) ?? 0),
            _ => hub.TypingAsync(room.RoomId),
        });
        return command != RoomCommand.AcknowledgeCall || await Site.FindCallAsync(room.RoomId) is null;
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
    public override IReadOnlyList<RoomCommand> Commands { get; } =
    [
        RoomCommand.Send, RoomCommand.ListPresence, RoomCommand.List, RoomCommand.ListMentions, RoomCommand.MarkRead, RoomCommand.MarkUnread,
        RoomCommand.OpenDirect, RoomCommand.Reply, RoomCommand.MarkThreadRead, RoomCommand.ReadVersions, RoomCommand.React, RoomCommand.Unreact, RoomCommand.ReactToReply,
        RoomCommand.ListThreads, RoomCommand.Search, RoomCommand.Read, RoomCommand.FindDate,
        RoomCommand.DeclareCommands, RoomCommand.ListDeclared, RoomCommand.ListCalls, RoomCommand.AcknowledgeCall,
        RoomCommand.Pin, RoomCommand.Unpin, RoomCommand.PinReply, RoomCommand.ListPins, RoomCommand.Schedule, RoomCommand.Remind,
        RoomCommand.SendPoll, RoomCommand.Vote, RoomCommand.ReadVote, RoomCommand.EndOwnPoll, RoomCommand.EndOtherPoll,
        RoomCommand.RemovePreviews, RoomCommand.RemoveOwnPreviews, RoomCommand.RemoveReplyPreviews,
    ];

    public override bool Admits(Actor actor) => Site.KeyOf(actor) is not null;

    public override async Task<string> TryAsync(Actor actor, RoomCommand command, RoomCase room)
    {
        using var http = new ScriptClient(Site.Node.Address, Site.KeyOf(actor), CookiesOf(actor));
        return command switch
        {
            RoomCommand.List => await FindAsync(http, "api/rooms", item => item.GetProperty("id").GetInt32() == room.RoomId),
            RoomCommand.ListMentions => await FindAsync(
                http, "api/mentions", item => item.GetProperty("message").GetProperty("room_id").GetInt32() == room.RoomId),
            RoomCommand.ListThreads => await FindAsync(
                http, "api/threads", item => item.GetProperty("message").GetProperty("room_id").GetInt32() == room.RoomId),
            RoomCommand.Search => await FindAsync(http, $"api/search?q=Hello&room={room.RoomId}", _ => true, list => list.GetProperty("results")),
            RoomCommand.Read => Outcome.Of(await http.StatusAsync($"api/rooms/{room.RoomId}/messages")),
            RoomCommand.FindDate => Outcome.Of(await http.StatusAsync($"api/rooms/{room.RoomId}/messages?at=2026-01-31T09:15:00Z")),
            RoomCommand.DeclareCommands => Outcome.Of(
                (await http.SendAsync(HttpMethod.Put, "api/commands", new { commands = new[] { new { name = PermissionSite.CommandOf(actor), hint = "x" } } })).Status),
            RoomCommand.ListDeclared => Outcome.Of(await http.StatusAsync("api/commands")),
            RoomCommand.ListCalls => await FindAsync(http, "api/calls", call => call.GetProperty("room_id").GetInt32() == room.RoomId),
            RoomCommand.AcknowledgeCall => await AcknowledgeAsync(http, room.RoomId),
            RoomCommand.ListPresence => Outcome.Of(await http.StatusAsync($"api/rooms/{room.RoomId}/presence")),
            RoomCommand.MarkRead => Outcome.Of(await http.PostStatusAsync($"api/rooms/{room.RoomId}/read", new { sequence = room.Other })),
            RoomCommand.MarkUnread => Outcome.Of(await http.PostStatusAsync($"api/rooms/{room.RoomId}/unread", new { sequence = room.Other })),
            RoomCommand.ReadVersions => Outcome.Of(await http.StatusAsync($"api/rooms/{room.RoomId}/messages/{room.Other}/versions")),
            RoomCommand.OpenDirect => Outcome.Of(await http.PostStatusAsync("api/direct", new { people = new[] { Site.WriterId } })),
            RoomCommand.Reply => Outcome.Of((await http.PostAsync(room.RoomId, new { message = "x", thread = room.Other })).Status),
            RoomCommand.React => Outcome.Of((await http.SendAsync(HttpMethod.Put, $"api/rooms/{room.RoomId}/messages/{room.Other}/reactions/{Uri.EscapeDataString("👍")}")).Status),
            RoomCommand.Unreact => Outcome.Of((await http.SendAsync(HttpMethod.Delete, $"api/rooms/{room.RoomId}/messages/{room.Other}/reactions/{Uri.EscapeDataString("👍")}")).Status),
            RoomCommand.ReactToReply => Outcome.Of(
                (await http.SendAsync(HttpMethod.Put, $"api/rooms/{room.RoomId}/threads/{room.Other}/replies/1/reactions/{Uri.EscapeDataString("👍")}")).Status),
            RoomCommand.Pin => Outcome.Of((await http.SendAsync(HttpMethod.Put, $"api/rooms/{room.RoomId}/messages/{room.Other}/pin")).Status),
            RoomCommand.Unpin => Outcome.Of((await http.SendAsync(HttpMethod.Delete, $"api/rooms/{room.RoomId}/messages/{room.Other}/pin")).Status),
            RoomCommand.PinReply => Outcome.Of((await http.SendAsync(HttpMethod.Put, $"api/rooms/{room.RoomId}/threads/{room.Other}/replies/1/pin")).Status),
            RoomCommand.RemovePreviews => Outcome.Of((await http.SendAsync(HttpMethod.Delete, $"api/rooms/{room.RoomId}/messages/{room.Other}/previews")).Status),
            RoomCommand.RemoveOwnPreviews => Outcome.Of((await http.SendAsync(HttpMethod.Delete, $"api/rooms/{room.RoomId}/messages/{room.Own}/previews")).Status),
            RoomCommand.RemoveReplyPreviews => Outcome.Of((await http.SendAsync(HttpMethod.Delete, $"api/rooms/{room.RoomId}/threads/{room.Other}/replies/1/previews")).Status),
            RoomCommand.ListPins => Outcome.Of(await http.StatusAsync($"api/rooms/{room.RoomId}/pins")),
            RoomCommand.SendPoll => Outcome.Of((await http.PostAsync(room.RoomId, new { message = "x", poll = new { options = new[] { "a", "b" } } })).Status),
            RoomCommand.Vote => Outcome.Of((await http.SendAsync(HttpMethod.Put, $"api/rooms/{room.RoomId}/messages/{room.Other}/vote", new { options = new[] { 1 } })).Status),
            RoomCommand.ReadVote => Outcome.Of(await http.StatusAsync($"api/rooms/{room.RoomId}/messages/{room.Other}/vote")),
            RoomCommand.EndOwnPoll => Outcome.Of((await http.SendAsync(HttpMethod.Post, $"api/rooms/{room.RoomId}/messages/{room.Own}/end")).Status),
            RoomCommand.EndOtherPoll => Outcome.Of((await http.SendAsync(HttpMethod.Post, $"api/rooms/{room.RoomId}/messages/{room.Other}/end")).Status),
            RoomCommand.Remind => Outcome.Of(await http.PostStatusAsync($"api/rooms/{room.RoomId}/messages/{room.Other}/reminder", new { due_at = Tomorrow })),
            RoomCommand.Schedule => Outcome.Of(await http.PostStatusAsync($"api/rooms/{room.RoomId}/scheduled", new { message = "x", due_at = Tomorrow })),
            RoomCommand.MarkThreadRead => Outcome.Of(
                await http.PostStatusAsync($"api/rooms/{room.RoomId}/threads/{room.Other}/read", new { reply = 1 })),
            _ => Outcome.Of((await http.PostAsync(room.RoomId, new { message = "x" })).Status),
        };
    }

    /// <summary>A call that is another's stays, and the answer is the same.</summary>
    private async Task<string> AcknowledgeAsync(ScriptClient http, int roomId)
    {
        var (status, _) = await http.SendAsync(HttpMethod.Delete, $"api/calls/{await Site.FindCallAsync(roomId) ?? 0}");
        if (status != HttpStatusCode.NoContent)
            return Outcome.Of(status);
        return await Site.FindCallAsync(roomId) is null ? Outcome.Done : Outcome.NotFound;
    }

    /// <summary>Whether a list has the room.</summary>
    /// <param name="listOf">The list in the answer; null when it is the answer.</param>
    private static async Task<string> FindAsync(ScriptClient http, string path, Func<JsonElement, bool> isOfRoom, Func<JsonElement, JsonElement>? listOf = null)
    {
        using var response = await http.GetAsync(path);
        if (response.StatusCode != HttpStatusCode.OK)
            return Outcome.Of(response.StatusCode);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        var list = listOf?.Invoke(answer) ?? answer;
        return list.EnumerateArray().Any(isOfRoom) ? Outcome.Done : Outcome.NotFound;
    }
}
