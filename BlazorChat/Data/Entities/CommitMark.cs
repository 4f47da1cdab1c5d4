namespace BlazorChat.Data.Entities;

/// <summary>
/// Written in a transaction that may be tried again. When the connection is lost while it is committed, the row shows whether it was.
/// </summary>
public sealed class CommitMark
{
    public Guid Id { get; init; }

    public DateTime CommittedAt { get; init; }
}
