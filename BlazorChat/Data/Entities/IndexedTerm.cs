namespace BlazorChat.Data.Entities;

/// <summary>A term of a message or a post, on databases without a full-text index of their own.</summary>
public sealed class IndexedTerm
{
    /// <summary>A term is cut to it, with its scope. In UTF-16 code units.</summary>
    public const int MaxLength = 80;

    public SearchKind Kind { get; init; }

    /// <summary>The term after its scope.</summary>
    public required string Term { get; init; }

    public long ItemId { get; init; }
}
