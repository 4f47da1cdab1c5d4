using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Data.SqlServer;

internal static class SqlServerConnection
{
    public static void Configure(DbContextOptionsBuilder options, string connectionString) => options.UseSqlServer(
        connectionString, server => server.ExecutionStrategy(dependencies => new LostConnectionStrategy(dependencies)));
}
