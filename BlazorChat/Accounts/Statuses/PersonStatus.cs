namespace BlazorChat.Accounts.Statuses;

/// <summary>An emoji and a text that a person shows beside their name for a while.</summary>
/// <param name="Emoji">Empty for none.</param>
/// <param name="Text">Empty for none.</param>
/// <param name="Until">UTC; null when the person ends it.</param>
public sealed record PersonStatus(string Emoji, string Text, DateTime? Until)
{
    /// <summary>The status in a person's row; null for none, and when it is over.</summary>
    /// <param name="now">UTC.</param>
    internal static PersonStatus? Of(string? emoji, string? text, DateTime? until, DateTime now) =>
        (emoji is null && text is null) || until <= now ? null : new PersonStatus(emoji ?? "", text ?? "", until);
}
