using System.Collections.Frozen;
using System.Security.Claims;
using BlazorChat.Accounts.Statuses;
using BlazorChat.Common;
using BlazorChat.Common.Emoji;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Reminders;

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
    private readonly MessageReminders _reminders;
    private readonly TimeProvider _time;
    private readonly FrozenDictionary<string, SlashCommand> _byName;

    public SlashCommands(
        RoomSettings settings, RoomMembers members, RoomPreferences preferences, PeopleStatus statuses, MessageReminders reminders, TimeProvider time)
    {
        (_settings, _members, _preferences, _statuses, _reminders, _time) = (settings, members, preferences, statuses, reminders, time);
        All =
        [
            new("invite", RoomTexts.Get("CommandHandles"), NeedsText: true, RoomTexts.Get("CommandInvite"), InviteAsync, IsForOthers: true),
            new("me", RoomTexts.Get("CommandText"), NeedsText: true, RoomTexts.Get("CommandMe"), RunAsync: null),
            new("mute", Usage: null, NeedsText: false, RoomTexts.Get("CommandMute"), MuteAsync),
            new("poll", RoomTexts.Get("CommandQuestion"), NeedsText: false, RoomTexts.Get("CommandPoll"), RunAsync: null, IsPoll: true),
            new("remind", RoomTexts.Get("CommandRemindText"), NeedsText: true, RoomTexts.Get("CommandRemind"), RemindAsync),
            new("status", RoomTexts.Get("CommandStatusText"), NeedsText: false, RoomTexts.Get("CommandStatus"), SetStatusAsync),
            new("topic", RoomTexts.Get("CommandText"), NeedsText: true, RoomTexts.Get("CommandTopic"), SetTopicAsync),
            new("unmute", Usage: null, NeedsText: false, RoomTexts.Get("CommandUnmute"), UnmuteAsync),
        ];
        _byName = All.ToFrozenDictionary(command => command.Name, StringComparer.Ordinal);
        Messages = NamesOf(command => command is { RunAsync: null, IsPoll: false });
        ForOthers = NamesOf(command => command.IsForOthers);
    }

    /// <summary>By name.</summary>
    public IReadOnlyList<SlashCommand> All { get; }

    /// <summary>The names of the commands that are sent as a message, separated by spaces.</summary>
    public string Messages { get; }

    /// <summary>The names of the commands for people who are not in the room, separated by spaces.</summary>
    public string ForOthers { get; }

    /// <summary>Whether there is a command with a name, in any case.</summary>
    public bool Has(string name) => _byName.ContainsKey(name.ToLowerInvariant());

    /// <summary>Whether the page opens the dialog of a new poll for a command.</summary>
    /// <param name="name">Without the slash, in any case.</param>
    public bool IsPoll(string name) => _byName.GetValueOrDefault(name.ToLowerInvariant()) is { IsPoll: true };

    /// <summary>Runs a command and returns what was done.</summary>
    /// <param name="name">Without the slash, in any case.</param>
    /// <exception cref="RefusedException">There is no such command, its text is missing, or its service refuses it.</exception>
    public Task<SlashAnswer> RunAsync(ClaimsPrincipal user, int roomId, string name, string text, CancellationToken cancellationToken) =>
        RunAsync(user, roomId, name, text, TimeZoneInfo.Utc, Guid.NewGuid(), cancellationToken);

    /// <param name="zone">The zone of the user's clock.</param>
    /// <param name="id">The same when it is given again because no answer came.</param>
    /// <inheritdoc cref="RunAsync(ClaimsPrincipal, int, string, string, CancellationToken)"/>
    public async Task<SlashAnswer> RunAsync(
        ClaimsPrincipal user, int roomId, string name, string text, TimeZoneInfo zone, Guid id, CancellationToken cancellationToken)
    {
        var known = name.ToLowerInvariant();
        if (!_byName.TryGetValue(known, out var command))
            throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("CommandUnknown", name));
        if (command.RunAsync is null || (command.NeedsText && string.IsNullOrWhiteSpace(text)))
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("CommandIncomplete", known, command.Usage!));
        return await command.RunAsync(new SlashCall(user, roomId, text.Trim(), zone, id, cancellationToken));
    }

    private string NamesOf(Func<SlashCommand, bool> isMeant) => string.Join(' ', All.Where(isMeant).Select(command => command.Name));

    private async Task<SlashAnswer> SetTopicAsync(SlashCall call)
    {
        await _settings.ChangeAsync(call.User, call.RoomId, new RoomEdit(Topic: call.Text), call.CancellationToken);
        return new SlashAnswer(RoomTexts.Get("CommandTopicDone"));
    }

    /// <summary>Everybody is found before the first is added.</summary>
    private async Task<SlashAnswer> InviteAsync(SlashCall call)
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

        return new SlashAnswer(RoomTexts.Get("CommandInviteDone", NamesOf(people)));
    }

    private static string NamesOf(IEnumerable<MemberView> people) => string.Join(", ", people.Select(person => person.Name));

    /// <summary>An emoji may come first, or its short name. Without a text the status is cleared.</summary>
    private async Task<SlashAnswer> SetStatusAsync(SlashCall call)
    {
        var first = call.Text.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault("");
        var emoji = EmojiList.Find(first) ?? (first is [':', .. var name, ':'] ? EmojiList.FindByShortName(name) : null);
        var status = await _statuses.SetAsync(
            call.User, emoji ?? "", emoji is null ? call.Text : call.Text[first.Length..], until: null, call.CancellationToken);
        return new SlashAnswer(RoomTexts.Get(status is null ? "CommandStatusCleared" : "CommandStatusDone"));
    }

    private async Task<SlashAnswer> RemindAsync(SlashCall call)
    {
        if (ReminderText.Read(call.Text, _time.GetUtcNow().UtcDateTime, call.Zone) is not var (dueAt, what))
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("CommandRemindUnread"));
        await _reminders.RemindAsync(call.User, call.Id, what, new DateTimeOffset(dueAt, TimeSpan.Zero), call.Zone.Id, call.CancellationToken);
        return new SlashAnswer(RoomTexts.Get("CommandRemindDone"), DateTime.SpecifyKind(dueAt, DateTimeKind.Utc));
    }

    private async Task<SlashAnswer> MuteAsync(SlashCall call)
    {
        await _preferences.SetLevelAsync(call.User, call.RoomId, RoomLevel.Nothing, call.CancellationToken);
        return new SlashAnswer(RoomTexts.Get("CommandMuteDone"));
    }

    private async Task<SlashAnswer> UnmuteAsync(SlashCall call)
    {
        await _preferences.SetLevelAsync(call.User, call.RoomId, level: null, call.CancellationToken);
        return new SlashAnswer(RoomTexts.Get("CommandUnmuteDone"));
    }
}
