namespace BlazorChat.Data.Entities;

/// <summary>What is indexed. Each kind has numbers of its own.</summary>
public enum SearchKind
{
    Message = 0,
    Post = 1,
}

/// <summary>How far the index of words has followed a room or a liveblog.</summary>
public sealed class SearchPosition
{
    public SearchKind Kind { get; init; }

    /// <summary>The id of the room or the liveblog.</summary>
    public int SourceId { get; init; }

    /// <summary>The revision of the source up to which all changes are in the index.</summary>
    public long Revision { get; set; }

    /// <summary>Whether entries are written for everyone to find, and not only for those who may read the source.</summary>
    public bool IsOpen { get; set; }

    /// <summary>The revision up to which entries may have the other scope, since <see cref="IsOpen"/> has changed; null when none has.</summary>
    public long? RescopedUntil { get; set; }
}
