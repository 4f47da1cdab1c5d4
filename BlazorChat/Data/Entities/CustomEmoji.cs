using BlazorChat.Data.Entities.Accounts;

namespace BlazorChat.Data.Entities;

/// <summary>An emoji of the site, which is written as <c>:name:</c>.</summary>
public sealed class CustomEmoji
{
    public const int MaxNameLength = 32;

    /// <summary>The attachment that is its picture.</summary>
    public Guid Id { get; init; }

    /// <summary>Without colons: lower-case letters of a to z, digits, <c>_</c>, <c>+</c> and <c>-</c>.</summary>
    public required string Name { get; init; }

    public int CreatedById { get; init; }

    public ChatUser? CreatedBy { get; init; }

    /// <summary>UTC.</summary>
    public DateTime CreatedAt { get; init; }
}
