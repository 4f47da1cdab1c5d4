using System.Security.Cryptography;
using BlazorChat.Common;
using BlazorChat.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Data;

/// <summary>Stores secrets in the database, and creates missing ones.</summary>
internal sealed class SecretStore(IDbContextFactory<ChatDbContext> databases) : ISecretStore
{
    /// <inheritdoc/>
    public async Task<byte[]> ReadAsync(string name, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, name, cancellationToken) is { } stored)
            return stored;
        var secret = new Secret { Name = name, Value = RandomNumberGenerator.GetBytes(Secret.Length) };
        db.Add(secret);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return secret.Value;
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            db.ChangeTracker.Clear();
            if (await FindAsync(db, name, cancellationToken) is { } other)
                return other;
            throw;
        }
    }

    private static Task<byte[]?> FindAsync(ChatDbContext db, string name, CancellationToken cancellationToken) =>
        db.Secrets.Where(secret => secret.Name == name).Select(secret => secret.Value).SingleOrDefaultAsync(cancellationToken)!;
}
