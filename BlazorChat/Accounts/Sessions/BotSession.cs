using System.Globalization;

namespace BlazorChat.Accounts.Sessions;

/// <summary>A bot's key as the session that it lets in: it ends when the key is revoked.</summary>
internal static class BotSession
{
    private const string Prefix = "bot.";

    public static string Format(int keyId) => $"{Prefix}{keyId}";

    /// <summary>The key's id; null for the session of a sign-in.</summary>
    public static int? Parse(string? sessionId) =>
        sessionId is not null
        && sessionId.StartsWith(Prefix, StringComparison.Ordinal)
        && int.TryParse(sessionId.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;
}
