using BlazorChat.Common.Names;

namespace BlazorChat.Rooms.Mentions;

/// <summary>A member of a room with their handle.</summary>
internal sealed record HandleOwner(int RoomId, MentionView Person);

/// <summary>An open room that a text can link to.</summary>
internal sealed record LinkableRoom(int Id, string Name, string LinkKey);

/// <summary>The HTML of a message with mentions and links instead of its marks.</summary>
/// <param name="Targets">Whom it mentions, each once.</param>
/// <param name="RoomIsText">Whether <c>@room</c> or <c>@here</c> stayed text, since the author may not use them.</param>
internal readonly record struct ResolvedText(string Html, IReadOnlyList<MentionTarget> Targets, bool RoomIsText);

/// <summary>The people and rooms that the messages of a transaction may mention. It replaces the marks of their HTML.</summary>
internal sealed class MentionLookup
{
    /// <summary>The most marks of a message that are looked up. Later ones stay text.</summary>
    private const int MaxMarks = 50;

    /// <summary>The most handles of a message that are looked up.</summary>
    private const int MaxHandles = 200;

    private readonly Dictionary<(int RoomId, string Handle), int> _members = [];
    private readonly Dictionary<int, MentionView> _people = [];
    private readonly Dictionary<string, LinkableRoom> _rooms = [];

    /// <summary>The handles that a text may mention. They are looked up within its room only, so that a text reveals nobody of another room.</summary>
    public static IEnumerable<string> FindHandles(string html) => TextsOf(html, '@')
        .SelectMany(HandleCuts.Of)
        .Select(HandleText.KeyOf)
        .Where(handle => handle.Length is >= HandleText.MinLength and <= HandleText.MaxLength && handle is not (HandleText.Room or HandleText.Here))
        .Take(MaxHandles);

    /// <summary>Whether a text mentions the members who are connected.</summary>
    public static bool MentionsHere(string html) => Mentions(html, HandleText.Here);

    /// <summary>Whether a text mentions all members.</summary>
    public static bool MentionsRoom(string html) => Mentions(html, HandleText.Room);

    /// <summary>The rooms that a text may link to: <see cref="LinkableRoom.LinkKey"/>.</summary>
    public static IEnumerable<string> FindRooms(string html) => TextsOf(html, '#').SelectMany(HandleCuts.Of).Take(MaxHandles).Select(Data.Entities.Rooms.Room.LinkKeyOf);

    public void Add(HandleOwner owner)
    {
        _members[(owner.RoomId, owner.Person.Handle)] = owner.Person.PersonId;
        Add(owner.Person);
    }

    public void Add(MentionView person) => _people[person.PersonId] = person;

    /// <summary>Of rooms with the same key, the oldest one is linked.</summary>
    public void Add(LinkableRoom room)
    {
        if (!_rooms.TryGetValue(room.LinkKey, out var known) || room.Id < known.Id)
            _rooms[room.LinkKey] = room;
    }

    /// <summary>Replaces the marks of a message.</summary>
    /// <param name="before">
    /// The HTML before an edit; empty for a new message. A handle that it mentions stays a mention of the same person, who may have changed it
    /// since.
    /// </param>
    /// <param name="mayMentionRoom">Whether the author may mention all members; if not, that stays text, unless it was a mention before.</param>
    public ResolvedText Resolve(int roomId, string html, string before, bool mayMentionRoom)
    {
        if (!MentionHtml.HasMarks(html))
            return new ResolvedText(html, [], RoomIsText: false);
        var known = MentionHtml.FindMentions(before).DistinctBy(mention => mention.Text).ToDictionary(mention => mention.Text, mention => mention.Target);
        var (marks, roomIsText, targets) = (0, false, new List<MentionTarget>());
        var resolved = MentionHtml.ReplaceMarks(
            html, text => ++marks > MaxMarks ? text : text[0] == '#' ? Link(text) : Mention(roomId, text, known, mayMentionRoom, targets, ref roomIsText));
        return new ResolvedText(resolved, targets, roomIsText);
    }

    /// <summary>The people that stored HTML mentions; null for nobody.</summary>
    public IReadOnlyList<MentionView>? PeopleIn(string html) => PeopleIn(MentionHtml.TargetsIn(html));

    /// <summary>The people among those that a text mentions; null for nobody.</summary>
    public IReadOnlyList<MentionView>? PeopleIn(IReadOnlyList<MentionTarget> targets)
    {
        if (targets.Count == 0)
            return null;
        MentionView[] people = [.. targets.Select(target => target.PersonId is { } id ? _people.GetValueOrDefault(id) : null).OfType<MentionView>()];
        return people.Length == 0 ? null : people;
    }

    private string Mention(int roomId, string text, Dictionary<string, MentionTarget> known, bool mayMentionRoom, List<MentionTarget> targets, ref bool roomIsText)
    {
        var isRoom = false;
        foreach (var name in HandleCuts.Of(text[1..]))
        {
            var (written, handle) = ($"@{name}", HandleText.KeyOf(name));
            MentionTarget? target = known.TryGetValue(written, out var before) ? before
                : handle is HandleText.Room or HandleText.Here ? (mayMentionRoom ? new MentionTarget(null, IsHere: handle == HandleText.Here) : null)
                : _members.TryGetValue((roomId, handle), out var personId) ? new MentionTarget(personId)
                : null;
            if (target is { } mentioned)
            {
                if (!targets.Contains(mentioned))
                    targets.Add(mentioned);
                return $"{MentionHtml.Of(mentioned, written)}{text[written.Length..]}";
            }

            isRoom |= handle is HandleText.Room or HandleText.Here;
        }

        roomIsText |= isRoom;
        return text;
    }

    private string Link(string text)
    {
        foreach (var name in HandleCuts.Of(text[1..]))
        {
            if (_rooms.TryGetValue(Data.Entities.Rooms.Room.LinkKeyOf(name), out var room))
                return $"{MentionHtml.LinkTo(room.Id, room.Name)}{text[(name.Length + 1)..]}";
        }

        return text;
    }

    private static bool Mentions(string html, string word) => TextsOf(html, '@').SelectMany(HandleCuts.Of).Any(name => HandleText.KeyOf(name) == word);

    private static IEnumerable<string> TextsOf(string html, char mark) =>
        MentionHtml.FindMarks(html).Take(MaxMarks).Where(text => text[0] == mark).Select(text => text[1..]).Distinct();
}
