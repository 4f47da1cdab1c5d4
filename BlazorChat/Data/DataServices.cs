using BlazorChat.Data.Sqlite;
using BlazorChat.Data.SqlServer;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Data;

public static class DataServices
{
    public static WebApplicationBuilder AddData(this WebApplicationBuilder builder)
    {
        var sqlServer = builder.Configuration.GetConnectionString("SqlServer");
        if (string.IsNullOrWhiteSpace(sqlServer))
            builder.Services.AddSqlite(DataFolder.Resolve(builder.Configuration, builder.Environment));
        else
            builder.Services.AddSqlServer(sqlServer);

        builder.Services.AddSharedCache(
            builder.Configuration.GetConnectionString("Redis"), builder.Configuration["Channels:Prefix"] ?? "blazorchat");
        builder.Services.AddOptions<DataOptions>().BindConfiguration("Data").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddFreeSpace();
        builder.Services.AddIdentitySchema();
        builder.Services.AddScoped(services => services.GetRequiredService<IDbContextFactory<ChatDbContext>>().CreateDbContext());
        builder.Services.AddDataProtection().SetApplicationName("BlazorChat").PersistKeysToDbContext<ChatDbContext>();
        return builder;
    }

    /// <summary>Identity's part of the model reads its version from the options of the application.</summary>
    internal static IServiceCollection AddIdentitySchema(this IServiceCollection services) =>
        services.Configure<IdentityOptions>(options => options.Stores.SchemaVersion = IdentitySchemaVersions.Version3);

    internal static IServiceCollection AddFreeSpace(this IServiceCollection services) => services.AddSingleton<IFreeSpace, DriveFreeSpace>();

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

    /// <summary>Hands out the provider's context under the name that the features know.</summary>
    private sealed class ChatDbContextFactory<TContext>(IDbContextFactory<TContext> factory) : IDbContextFactory<ChatDbContext>
        where TContext : ChatDbContext
    {
        public ChatDbContext CreateDbContext() => factory.CreateDbContext();
    }
}
