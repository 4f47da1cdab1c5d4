using System.Text;
using BlazorChat.Common.Names;

namespace BlazorChat.Data.Entities;

public enum RoomKind
{
    /// <summary>Anyone signed in may find, read and join it.</summary>
    Open = 0,

    /// <summary>Only members know that it exists.</summary>
    Private = 1,
}

public sealed class Room
{
    public const int MaxNameLength = 80;

    private string _name = "";

    /// <summary>Returns the form of a name by which lists are ordered: upper case, with characters composed.</summary>
    public static string Normalize(string name) => name.Trim().Normalize(NormalizationForm.FormKC).ToUpperInvariant();

    public int Id { get; init; }

    /// <summary>Stored as <see cref="NameText.Clean"/> makes it, together with the forms that are compared.</summary>
    public required string Name
    {
        get => _name;
        set
        {
            _name = NameText.Clean(value);
            (SearchName, NameKey, NameShape) = NameForms.Of(_name);
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

    /// <summary>The number of renames. Of two published names, the one with the higher number is newer.</summary>
    public int NameVersion { get; set; }

    public RoomKind Kind { get; set; }

    /// <summary>New people become members of it at registration.</summary>
    public bool IsDefault { get; set; }

    /// <summary>Number of the newest message; 0 while the room is empty. Gapless.</summary>
    public long LastSequence { get; set; }

    /// <summary>Number of the newest change to anything in the room; 0 while it is empty. Gapless.</summary>
    public long LastRevision { get; set; }

    public DateTime CreatedAt { get; init; }
}
