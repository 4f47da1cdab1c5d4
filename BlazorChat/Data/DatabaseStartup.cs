using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Data;

public static class DatabaseStartup
{
    /// <summary>Creates the data folder and brings the schema up to date.</summary>
    public static async Task MigrateDatabaseAsync(this WebApplication app)
    {
        var folder = DataFolder.Resolve(app.Configuration, app.Environment);
        Directory.CreateDirectory(folder);
        var factory = app.Services.GetRequiredService<IDbContextFactory<ChatDbContext>>();
        await using var db = await factory.CreateDbContextAsync(app.Lifetime.ApplicationStopping);
        await db.Database.MigrateAsync(app.Lifetime.ApplicationStopping);
    }
}
