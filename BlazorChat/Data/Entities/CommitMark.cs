namespace BlazorChat.Data.Entities;

/// <summary>
/// A row of a transaction that may be retried. When the connection is lost during the commit, the row shows whether the commit succeeded.
/// </summary>
public sealed class CommitMark
{
    public Guid Id { get; init; }

    public DateTime CommittedAt { get; init; }
}
