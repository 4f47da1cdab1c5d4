using System.Collections.Frozen;
using System.Security.Claims;
using BlazorChat.Accounts.Statuses;
using BlazorChat.Common;
using BlazorChat.Common.Emoji;
using BlazorChat.Common.Localization;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;

namespace BlazorChat.Rooms.Commands;

/// <summary>
/// The commands that begin a text in the composer. To add one, add it to the table: the composer completes and runs what is in it. A program that
/// sends the same text sends a message.
/// </summary>
internal sealed class SlashCommands
{
    /// <summary>The most people that one command invites.</summary>
    public const int MaxInvited = 10;

    private readonly RoomSettings _settings;
    private readonly RoomMembers _members;
    private readonly RoomPreferences _preferences;
    private readonly PeopleStatus _statuses;
    private readonly FrozenDictionary<string, SlashCommand> _byName;

    public SlashCommands(RoomSettings settings, RoomMembers members, RoomPreferences preferences, PeopleStatus statuses)
    {
        (_settings, _members, _preferences, _statuses) = (settings, members, preferences, statuses);
        All =
        [
            new("invite", RoomTexts.Get("CommandHandles"), NeedsText: true, RoomTexts.Get("CommandInvite"), InviteAsync, IsForOthers: true),
            new("me", RoomTexts.Get("CommandText"), NeedsText: true, RoomTexts.Get("CommandMe"), RunAsync: null),
            new("mute", Usage: null, NeedsText: false, RoomTexts.Get("CommandMute"), MuteAsync),
            new("status", RoomTexts.Get("CommandStatusText"), NeedsText: false, RoomTexts.Get("CommandStatus"), SetStatusAsync),
            new("topic", RoomTexts.Get("CommandText"), NeedsText: true, RoomTexts.Get("CommandTopic"), SetTopicAsync),
            new("unmute", Usage: null, NeedsText: false, RoomTexts.Get("CommandUnmute"), UnmuteAsync),
        ];
        _byName = All.ToFrozenDictionary(command => command.Name, StringComparer.Ordinal);
        Messages = NamesOf(command => command.RunAsync is null);
        ForOthers = NamesOf(command => command.IsForOthers);
    }

    /// <summary>By name.</summary>
    public IReadOnlyList<SlashCommand> All { get; }

    /// <summary>The names of the commands that are sent as a message, separated by spaces.</summary>
    public string Messages { get; }

    /// <summary>The names of the commands for people who are not in the room, separated by spaces.</summary>
    public string ForOthers { get; }

    /// <summary>Runs a command and returns what was done.</summary>
    /// <param name="name">Without the slash, in any case.</param>
    /// <exception cref="RefusedException">There is no such command, its text is missing, or its service refuses it.</exception>
    public async Task<LocalText> RunAsync(ClaimsPrincipal user, int roomId, string name, string text, CancellationToken cancellationToken)
    {
        var known = name.ToLowerInvariant();
        if (!_byName.TryGetValue(known, out var command))
            throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("CommandUnknown", name));
        if (command.RunAsync is null || (command.NeedsText && string.IsNullOrWhiteSpace(text)))
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("CommandIncomplete", known, command.Usage!));
        return await command.RunAsync(new SlashCall(user, roomId, text.Trim(), cancellationToken));
    }

    private string NamesOf(Func<SlashCommand, bool> isMeant) => string.Join(' ', All.Where(isMeant).Select(command => command.Name));

    private async Task<LocalText> SetTopicAsync(SlashCall call)
    {
        await _settings.ChangeAsync(call.User, call.RoomId, new RoomEdit(Topic: call.Text), call.CancellationToken);
        return RoomTexts.Get("CommandTopicDone");
    }

    /// <summary>Everybody is found before the first is added.</summary>
    private async Task<LocalText> InviteAsync(SlashCall call)
    {
        string[] handles = [.. call.Text.Split([' ', ',', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(word => word.TrimStart('@')).Distinct()];
        if (handles.Length > MaxInvited)
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("CommandInviteFull", MaxInvited));
        var found = await _members.FindByHandlesAsync(call.User, call.RoomId, handles, call.CancellationToken);
        MemberView[] people =
        [
            .. found
                .Select((person, index) => person ?? throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("CommandInviteUnknown", handles[index])))
                .DistinctBy(person => person.UserId),
        ];
        for (var added = 0; added < people.Length; added++)
        {
            try
            {
                await _members.AddAsync(call.User, call.RoomId, people[added].UserId, call.CancellationToken);
            }
            catch (RefusedException refused) when (added > 0)
            {
                throw refused.With(RoomTexts.Get("CommandInvitePart", NamesOf(people[..added]), NamesOf(people[added..]), refused.Reason));
            }
        }

        return RoomTexts.Get("CommandInviteDone", NamesOf(people));
    }

    private static string NamesOf(IEnumerable<MemberView> people) => string.Join(", ", people.Select(person => person.Name));

    /// <summary>An emoji may come first, or its short name. Without a text the status is cleared.</summary>
    private async Task<LocalText> SetStatusAsync(SlashCall call)
    {
        var first = call.Text.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault("");
        var emoji = EmojiList.Find(first) ?? (first is [':', .. var name, ':'] ? EmojiList.FindByShortName(name) : null);
        var status = await _statuses.SetAsync(
            call.User, emoji ?? "", emoji is null ? call.Text : call.Text[first.Length..], until: null, call.CancellationToken);
        return RoomTexts.Get(status is null ? "CommandStatusCleared" : "CommandStatusDone");
    }

    private async Task<LocalText> MuteAsync(SlashCall call)
    {
        await _preferences.SetLevelAsync(call.User, call.RoomId, RoomLevel.Nothing, call.CancellationToken);
        return RoomTexts.Get("CommandMuteDone");
    }

    private async Task<LocalText> UnmuteAsync(SlashCall call)
    {
        await _preferences.SetLevelAsync(call.User, call.RoomId, level: null, call.CancellationToken);
        return RoomTexts.Get("CommandUnmuteDone");
    }
}
