using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Data.Sqlite;

public sealed class SqliteChatDbContext(DbContextOptions<SqliteChatDbContext> options) : ChatDbContext(options);
