using BlazorChat.Common;
using BlazorChat.Data.Sqlite;
using BlazorChat.Data.SqlServer;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Data;

/// <summary>Adds the database.</summary>
public static class DataServices
{
    /// <summary>Adds the database: SQL Server when <c>ConnectionStrings:SqlServer</c> is set, SQLite in the data folder otherwise.</summary>
    public static WebApplicationBuilder AddData(this WebApplicationBuilder builder)
    {
        var sqlServer = builder.Configuration.GetConnectionString("SqlServer");
        if (string.IsNullOrWhiteSpace(sqlServer))
            builder.Services.AddSqlite(DataFolder.Resolve(builder.Configuration, builder.Environment));
        else
            builder.Services.AddSqlServer(sqlServer);

        builder.Services.AddOptions<DataOptions>().BindConfiguration("Data").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddFreeSpace();
        builder.Services.AddSecrets();
        builder.Services.AddIdentitySchema();
        builder.Services.AddScoped(services => services.GetRequiredService<IDbContextFactory<ChatDbContext>>().CreateDbContext());
        builder.Services.AddDataProtection().SetApplicationName("BlazorChat").PersistKeysToDbContext<ChatDbContext>();
        return builder;
    }

    internal static IServiceCollection AddFreeSpace(this IServiceCollection services) => services.AddSingleton<IFreeSpace, DriveFreeSpace>();

    internal static IServiceCollection AddSecrets(this IServiceCollection services) => services.AddSingleton<ISecretStore, SecretStore>();

    private static void AddSqlite(this IServiceCollection services, string folder)
    {
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<DiskGuard>(provider, folder));
        services.AddPooledDbContextFactory<SqliteChatDbContext>((provider, options) =>
            SqliteConnectionString.Configure(options, folder, new DiskInterceptor(provider.GetRequiredService<DiskGuard>())));
        services.AddSingleton<IDbContextFactory<ChatDbContext>, ChatDbContextFactory<SqliteChatDbContext>>();
    }

    private static void AddSqlServer(this IServiceCollection services, string connectionString)
    {
        services.AddPooledDbContextFactory<SqlServerChatDbContext>(options => SqlServerConnection.Configure(options, connectionString));
        services.AddSingleton<IDbContextFactory<ChatDbContext>, ChatDbContextFactory<SqlServerChatDbContext>>();
        services.AddHostedService<CommitMarkSweep>();
    }

    /// <summary>Returns the context of the provider as the base type that features use.</summary>
    private sealed class ChatDbContextFactory<TContext>(IDbContextFactory<TContext> factory) : IDbContextFactory<ChatDbContext>
        where TContext : ChatDbContext
    {
        public ChatDbContext CreateDbContext() => factory.CreateDbContext();
    }
}
