using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Data.Entities.Links;

/// <summary>
/// A link of a message that may get a preview. It is written with the message. What readers see is <see cref="Message.Previews"/>, which follows from
/// these rows. They are removed with the message.
/// </summary>
public sealed class MessageLink
{
    /// <summary>The length of a SHA-256 in hexadecimal.</summary>
    public const int KeyLength = 64;

    /// <summary>In UTF-16 code units; longer addresses get no preview.</summary>
    public const int MaxAddressLength = 2_000;

    /// <summary>The most links of a person that wait; those of further messages get no preview.</summary>
    public const int MaxWaiting = 200;

    /// <summary>The most links of a message that its text does not have any more, and whose previews were removed.</summary>
    public const int MaxRemembered = 20;

    public int RoomId { get; init; }

    public Room? Room { get; init; }

    /// <summary>The key of the message: see <see cref="Message.Sequence"/>.</summary>
    public long Sequence { get; init; }

    /// <summary>Identifies the address without its fragment: its SHA-256.</summary>
    public required string AddressKey { get; init; }

    public required string Address { get; set; }

    /// <summary>The position among the links of the message, from 0.</summary>
    public int Position { get; set; }

    /// <summary>The author, whose lookups are counted.</summary>
    public int AuthorId { get; init; }

    /// <summary>UTC, when a worker looks at it; null when it has its preview, or will have none.</summary>
    public DateTime? DueAt { get; set; }

    /// <summary>The <see cref="LinkPreview"/>; null for none.</summary>
    public Guid? PreviewId { get; set; }

    /// <summary>Whether somebody has removed its preview from the message. Then the row stays when an edit removes the link.</summary>
    public bool IsRemoved { get; set; }
}
