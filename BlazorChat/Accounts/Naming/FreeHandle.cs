using System.Security.Cryptography;
using BlazorChat.Common.Names;
using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Accounts.Naming;

/// <summary>Finds a handle for a new account.</summary>
internal static class FreeHandle
{
    /// <summary>A handle made from a display name, with a number when somebody has that handle or one that looks the same.</summary>
    public static async Task<string> FindAsync(ChatDbContext db, string displayName, CancellationToken cancellationToken)
    {
        var suggestions = HandleText.Suggest(displayName).Select(handle => (Handle: handle, NameForms.Of(handle).Shape)).ToArray();
        var shapes = suggestions.Select(suggestion => suggestion.Shape).ToArray();
        var taken = await db.Users.Where(user => shapes.Contains(user.HandleShape)).Select(user => user.HandleShape).ToListAsync(cancellationToken);
        return Array.Find(suggestions, suggestion => !taken.Contains(suggestion.Shape)).Handle
            ?? $"{suggestions[0].Handle}-{RandomNumberGenerator.GetInt32(100_000, 1_000_000)}";
    }
}
