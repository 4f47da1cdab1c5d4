using BlazorChat.Common.Names;
using Microsoft.AspNetCore.Identity;

namespace BlazorChat.Data.Entities.Accounts;

public sealed class ChatUser : IdentityUser<int>
{
    public const int MaxDisplayNameLength = 60;

    public const int MaxStatusLength = 100;

    /// <summary>UTF-16 code units: an emoji may have many.</summary>
    public const int MaxStatusEmojiLength = 32;

    public const int MaxLanguageLength = 16;

    private string _displayName = "";
    private string _handle = HandleText.CreateUnassigned();

    /// <summary>Stored as <see cref="NameText.Clean"/> makes it, together with the forms that are compared.</summary>
    [PersonalData]
    public required string DisplayName
    {
        get => _displayName;
        set
        {
            _displayName = NameText.Clean(value);
            (SearchName, NameKey, NameShape) = NameForms.Of(_displayName);
        }
    }

    /// <inheritdoc cref="NameForms.Search"/>
    public string SearchName { get; private set; } = "";

    /// <summary>Nobody else has the same; see <see cref="NameForms.Key"/>.</summary>
    public string NameKey { get; private set; } = "";

    /// <summary>Nobody else has the same; see <see cref="NameForms.Shape"/>.</summary>
    public string NameShape { get; private set; } = "";

    /// <summary>
    /// The name by which others mention this person, in the form of <see cref="HandleText.KeyOf"/>. Nobody else has the same. Until one is
    /// assigned, it is a text that nobody can be mentioned by.
    /// </summary>
    [PersonalData]
    public string Handle
    {
        get => _handle;
        set => (_handle, HandleShape) = (value, NameForms.Of(value).Shape);
    }

    /// <summary>Nobody else's handle looks the same; see <see cref="NameForms.Shape"/>.</summary>
    public string HandleShape { get; private set; } = HandleText.CreateUnassigned();

    /// <summary>The only role is the admin's.</summary>
    public ICollection<IdentityUserRole<int>> Roles { get; init; } = [];

    /// <summary>The picture of the person, an <see cref="Attachment"/>; null for none.</summary>
    public Guid? AvatarId { get; set; }

    /// <summary>The emoji of the person's status; null for none.</summary>
    public string? StatusEmoji { get; set; }

    /// <summary>The text of the person's status; null for none.</summary>
    [PersonalData]
    public string? StatusText { get; set; }

    /// <summary>When the status ends by itself, in UTC; null when the person ends it.</summary>
    public DateTime? StatusUntil { get; set; }

    /// <summary>The language that the person chose, as in <c>ko</c>; null for that of the browser.</summary>
    public string? Language { get; set; }

    /// <summary>The language of the newest sign-in, for mails and notifications of a person who chose none.</summary>
    public string? SeenLanguage { get; set; }

    public DateTime CreatedAt { get; set; }

    /// <summary>Whether this is the account of a program, which has keys instead of a password.</summary>
    public bool IsBot { get; init; }

    /// <summary>When the account was banned; null when it may sign in.</summary>
    public DateTime? BannedAt { get; set; }
}
