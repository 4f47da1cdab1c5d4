namespace BlazorChat.Accounts;

/// <summary>The groups of single people.</summary>
internal static class PersonGroups
{
    /// <summary>What concerns one person: all of their pages and hub connections.</summary>
    public static string Of(int userId) => $"user.{userId}";

    /// <summary>What people show of themselves. Who may see it is decided by each receiver.</summary>
    public const string Statuses = "statuses";
}
