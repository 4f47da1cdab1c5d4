using System.Globalization;

namespace BlazorChat.Accounts.Sessions;

/// <summary>The id of the session that a bot's key stands for. The session ends when the key is revoked.</summary>
internal static class BotSession
{
    private const string Prefix = "bot.";

    public static string Format(int keyId) => $"{Prefix}{keyId}";

    /// <summary>Returns the id of the key; null for the session of a sign-in.</summary>
    public static int? Parse(string? sessionId) =>
        sessionId is not null
        && sessionId.StartsWith(Prefix, StringComparison.Ordinal)
        && int.TryParse(sessionId.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;
}
