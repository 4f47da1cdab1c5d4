using System.Text.Json.Serialization;
using BlazorChat.Accounts.Preferences;
using BlazorChat.Accounts.Statuses;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Direct;

namespace BlazorChat.Rooms.Directory;

/// <summary>A room as one person sees it.</summary>
/// <param name="Name">For a direct room, the names of its other people.</param>
/// <param name="Role">Null when the person is not a member.</param>
/// <param name="Members">The number of members; null when they were not counted.</param>
/// <param name="LastSequence">Sequence of the newest message; 0 without messages.</param>
/// <param name="LastReadSequence">Sequence of the newest message that the person has read; null when they are not a member.</param>
/// <param name="Version">Incremented by each change of the room's settings.</param>
public sealed record RoomView(
    int Id, string Name, RoomKind Kind, MembershipRole? Role, int? Members, long LastSequence, long? LastReadSequence, int Version = 0)
{
    /// <summary>The other one of two people in a direct room, or the reader who is alone in it; null for a group, and for rooms of other kinds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public DirectPerson? Person { get; init; }

    /// <summary>Empty for none; null when it was not read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? Topic { get; init; }

    /// <summary>Empty for none; null when it was not read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? Description { get; init; }

    /// <inheritdoc cref="Room.OnlyOwnersMentionRoom"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool OnlyOwnersMentionRoom { get; init; }

    /// <inheritdoc cref="Room.ArchivedAt"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public DateTime? ArchivedAt { get; init; }

    /// <inheritdoc cref="Membership.UnreadFrom"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long? UnreadFrom { get; init; }

    /// <inheritdoc cref="Membership.UnreadMarks"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int UnreadMarks { get; init; }

    /// <inheritdoc cref="Membership.Level"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public RoomLevel? ChosenLevel { get; init; }

    /// <summary>The level that applies while none is chosen, except in direct rooms; null for <see cref="DefaultLevel.Initial"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public DefaultLevel? Default { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsFavourite { get; init; }

    /// <inheritdoc cref="Membership.HiddenAt"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long? HiddenAt { get; init; }

    /// <inheritdoc cref="Membership.PreferencesVersion"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int PreferencesVersion { get; init; }

    public bool IsMember => Role is not null;

    /// <summary>Whether <c>@room</c> of the person mentions all members.</summary>
    [JsonIgnore]
    public bool MayMentionRoom => !OnlyOwnersMentionRoom || Role == MembershipRole.Owner;

    [JsonIgnore]
    public bool IsArchived => ArchivedAt is not null;

    /// <summary>The sequence up to which nothing is unread, also not by a mark; null when the person is not a member.</summary>
    [JsonIgnore]
    public long? ReadUpTo => UnreadFrom is { } from && LastReadSequence is { } read ? Math.Min(read, from - 1) : LastReadSequence;

    /// <summary>The number of messages that the person has not read; 0 when they are not a member.</summary>
    public long Unread => Math.Max(0, LastSequence - (ReadUpTo ?? LastSequence));

    /// <summary>The level that applies.</summary>
    [JsonIgnore]
    public RoomLevel Level => ChosenLevel ?? LevelByDefault;

    /// <summary>The level that applies without <see cref="ChosenLevel"/>.</summary>
    [JsonIgnore]
    public RoomLevel LevelByDefault => Kind == RoomKind.Direct ? RoomLevel.Everything : (Default ?? DefaultLevel.Initial).Level;

    [JsonIgnore]
    public bool IsMuted => Level == RoomLevel.Nothing;

    /// <summary>
    /// Whether the drawer omits the room. A hidden room returns with its next message, unless it is muted, and while messages in it are marked as
    /// unread.
    /// </summary>
    [JsonIgnore]
    public bool IsHidden => HiddenAt is { } at && UnreadFrom is null && (IsMuted || LastSequence <= at);

    /// <summary>The number of unread messages that lists show and add up: that of a muted or hidden room is 0.</summary>
    [JsonIgnore]
    public long Counted => IsMuted || IsHidden ? 0 : Unread;

    /// <summary>Sorts rooms by name, as lists show them.</summary>
    internal static IReadOnlyList<RoomView> InOrder(IEnumerable<RoomView> rooms) =>
        [.. rooms.OrderBy(room => Room.Normalize(room.Name), StringComparer.Ordinal).ThenBy(room => room.Id)];

    /// <summary>A direct room as one of its people sees it.</summary>
    /// <param name="readerId">This person.</param>
    /// <param name="others">The other people, by name.</param>
    internal RoomView Of(int readerId, IEnumerable<DirectPerson> others)
    {
        DirectPerson[] people = [.. others];
        var name = DirectPeople.NameOf(people);
        return this with
        {
            Name = name,
            Person = people switch
            {
                [] => new DirectPerson(readerId, name, null),
                [var other] => other,
                _ => null,
            },
        };
    }

    /// <summary>The room with its new settings, if the event is about it and newer. Texts that were not read stay so.</summary>
    internal RoomView Apply(RoomChanged changed) => changed.RoomId != Id || changed.Version <= Version
        ? this
        : this with
        {
            Name = changed.Name,
            Kind = changed.Kind,
            Version = changed.Version,
            Topic = Topic is null ? null : changed.Topic,
            Description = Description is null ? null : changed.Description,
            OnlyOwnersMentionRoom = changed.OnlyOwnersMentionRoom,
            ArchivedAt = changed.ArchivedAt,
        };

    /// <summary>The room with the read position of the event, which may be older in part.</summary>
    internal RoomView Apply(RoomRead read)
    {
        if (read.RoomId != Id || LastReadSequence is not { } known)
            return this;
        var isNewer = read.Mark > UnreadMarks || (read.Mark == UnreadMarks && UnreadFrom < (read.UnreadFrom ?? long.MaxValue));
        if (!isNewer && read.Sequence <= known)
            return this;
        return this with
        {
            LastSequence = Math.Max(LastSequence, read.Sequence),
            LastReadSequence = Math.Max(known, read.Sequence),
            UnreadFrom = isNewer ? read.UnreadFrom : UnreadFrom,
            UnreadMarks = isNewer ? read.Mark : UnreadMarks,
        };
    }

    /// <summary>The room with its new preferences, if the event is about it and newer.</summary>
    internal RoomView Apply(RoomPreferencesChanged changed) =>
        changed.RoomId == Id && changed.Version > PreferencesVersion
            ? this with
            {
                ChosenLevel = changed.Level,
                IsFavourite = changed.IsFavourite,
                HiddenAt = changed.HiddenAt,
                PreferencesVersion = changed.Version,
            }
            : this;

    /// <summary>The room with the default level of its reader, if that is newer.</summary>
    internal RoomView Apply(DefaultLevel? level) =>
        IsMember && level is not null && level.Version > (Default ?? DefaultLevel.Initial).Version ? this with { Default = level } : this;

    internal RoomView Apply(NotificationChoicesChanged changed) => Apply(DefaultLevel.Of(changed.Choices));

    /// <summary>The room with the status of its other person.</summary>
    internal RoomView Apply(StatusChanged changed) =>
        Person is { } person && person.Id == changed.UserId ? this with { Person = person with { Status = changed.Status } } : this;

    /// <summary>The room with whether its other person asked not to be disturbed.</summary>
    internal RoomView Apply(DoNotDisturbChanged changed) =>
        Person is { } person && person.Id == changed.UserId ? this with { Person = person with { QuietUntil = changed.Until } } : this;

    /// <summary>The room with its newest message, if the event has a newer one.</summary>
    internal RoomView Apply(RoomsActivity activity) =>
        activity.LastSequences.TryGetValue(Id, out var last) && last > LastSequence ? this with { LastSequence = last } : this;

    /// <summary>The room with what an earlier instance of it had from events, where that is newer than what was read.</summary>
    internal RoomView Merge(RoomView known)
    {
        var merged = this with { LastSequence = Math.Max(LastSequence, known.LastSequence) };
        return known.LastReadSequence is not { } read ? merged : merged
            .Apply(new RoomRead(Id, read, known.UnreadFrom, known.UnreadMarks))
            .Apply(new RoomPreferencesChanged(Id, known.ChosenLevel, known.IsFavourite, known.HiddenAt, known.PreferencesVersion))
            .Apply(known.Default);
    }
}
