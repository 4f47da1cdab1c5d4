using System.Text;

namespace BlazorChat.Data;

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

    /// <summary>The form in which names are compared: without regard to case and to how characters are composed.</summary>
    public static string Normalize(string name) => name.Trim().Normalize(NormalizationForm.FormKC).ToUpperInvariant();

    public int Id { get; init; }

    public required string Name { get; set; }

    /// <summary>The name as it is compared: two rooms cannot share it.</summary>
    public required string NormalizedName { get; set; }

    public RoomKind Kind { get; set; }

    /// <summary>New people become members of it at registration.</summary>
    public bool IsDefault { get; set; }

    /// <summary>Number of the newest message; 0 while the room is empty. Gapless.</summary>
    public long LastSequence { get; set; }

    /// <summary>Number of the newest change to anything in the room; 0 while it is empty. Gapless.</summary>
    public long LastRevision { get; set; }

    public DateTime CreatedAt { get; init; }
}
