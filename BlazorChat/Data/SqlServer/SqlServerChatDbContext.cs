using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Data.SqlServer;

public sealed class SqlServerChatDbContext(DbContextOptions<SqlServerChatDbContext> options) : ChatDbContext(options);
