using System.Text;
using BlazorChat.Common.Names;

namespace BlazorChat.Data.Entities.Rooms;

public enum RoomKind
{
    /// <summary>Anyone signed in may find, read and join it.</summary>
    Open = 0,

    /// <summary>Only members know that it exists.</summary>
    Private = 1,

    /// <summary>A room of a set of people that never changes. Only they know that it exists.</summary>
    Direct = 2,
}

public sealed class Room
{
    public const int MaxNameLength = 80;

    public const int MaxPeopleKeyLength = 220;

    /// <summary>In UTF-16 code units.</summary>
    public const int MaxTopicLength = 250;

    /// <summary>In UTF-16 code units.</summary>
    public const int MaxDescriptionLength = 1_000;

    private string _name = "";

    /// <summary>Returns the form of a name by which lists are ordered: upper case, with characters composed.</summary>
    public static string Normalize(string name) => name.Trim().Normalize(NormalizationForm.FormKC).ToUpperInvariant();

    /// <summary>Returns the form of a name that links to the room, <c>#like-this</c>: without case, and with dashes instead of spaces.</summary>
    public static string LinkKeyOf(string name) => NameForms.Of(name).Key.Replace(' ', '-');

    public int Id { get; init; }

    /// <summary>
    /// Stored as <see cref="NameText.Clean"/> makes it, together with the forms that are compared. Empty for a direct room, whose name is that of
    /// its people.
    /// </summary>
    public required string Name
    {
        get => _name;
        set
        {
            _name = NameText.Clean(value);
            (SearchName, NameKey, NameShape) = NameForms.Of(_name);
            LinkKey = LinkKeyOf(_name);
        }
    }

    /// <summary>The name by which lists are ordered.</summary>
    public required string NormalizedName { get; set; }

    /// <inheritdoc cref="NameForms.Search"/>
    public string SearchName { get; private set; } = "";

    /// <summary>No two open rooms have the same; see <see cref="NameForms.Key"/>.</summary>
    public string NameKey { get; private set; } = "";

    /// <summary>No two open rooms have the same; see <see cref="NameForms.Shape"/>.</summary>
    public string NameShape { get; private set; } = "";

    /// <inheritdoc cref="LinkKeyOf"/>
    public string LinkKey { get; private set; } = "";

    /// <summary>What is discussed at present, on one line under the name; empty for none.</summary>
    public string Topic { get; set; } = "";

    /// <summary>What the room is for, in lists of rooms; empty for none.</summary>
    public string Description { get; set; } = "";

    public RoomKind Kind { get; set; }

    /// <summary>Whether <c>@room</c> and <c>@here</c> mention members only when an owner writes them. Otherwise they stay text.</summary>
    public bool OnlyOwnersMentionRoom { get; set; }

    /// <summary>The ids of the people of a direct room, ascending, with commas; no other room has the same. Null for rooms of other kinds.</summary>
    public string? PeopleKey { get; init; }

    /// <summary>When it was archived, so that it can only be read; null for a room that can be written in.</summary>
    public DateTime? ArchivedAt { get; set; }

    /// <summary>The number of changes to what is above. Of two published states, the one with the higher number is newer.</summary>
    public int Version { get; set; }

    /// <summary>New people become members of it at registration.</summary>
    public bool IsDefault { get; set; }

    /// <summary>Number of the newest message; 0 while the room is empty. Gapless.</summary>
    public long LastSequence { get; set; }

    /// <summary>Number of the newest change to anything in the room; 0 while it is empty. Gapless.</summary>
    public long LastRevision { get; set; }

    public DateTime CreatedAt { get; init; }
}
