using BlazorChat.Data.SqlServer;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace BlazorChat.Tests.Data.SqlServer;

public sealed class SqlServerSettingsTests
{
    [Fact]
    public void F9_Lookup_columns_have_a_binary_collation()
    {
        using var db = MigrationTests.Create<SqlServerChatDbContext>();
        var compared = db.GetService<IDesignTimeModel>().Model.GetEntityTypes()
            .SelectMany(type => type.GetProperties())
            .Where(property => property.ClrType == typeof(string) && property.GetCollation() == SqlServerChatDbContext.Collation)
            .Select(property => $"{property.DeclaringType.ClrType.Name}.{property.Name}")
            .ToHashSet();

        foreach (var name in new[] { "Room.NormalizedName", "Liveblog.Slug", "Invitation.Code", "ChatUser.NormalizedEmail", "ChatUser.NormalizedUserName", "ChatUser.NameKey", "ChatUser.NameShape", "ChatUser.SearchName", "Room.SearchName" })
            Assert.Contains(name, compared);
        // What people read is sorted as the database's owner has chosen.
        Assert.DoesNotContain("Room.Name", compared);
        Assert.DoesNotContain("ChatUser.DisplayName", compared);
        var script = db.Database.GenerateCreateScript();
        foreach (var column in new[] { "[Slug] nvarchar(80)", "[Code] nvarchar(64)", "[NormalizedEmail] nvarchar(256)" })
            Assert.Contains($"{column} COLLATE {SqlServerChatDbContext.Collation}", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task F10_A_database_without_snapshots_is_logged_at_start_with_the_statement_to_run()
    {
        var recorder = new SqlServerRecorder(rows: 1);
        var log = new LogLines();
        await using var db = recorder.CreateDbContext();

        await SqlServerSettings.CheckAsync(db, log);

        Assert.All(log.Lines, line => Assert.Equal(LogLevel.Warning, line.Level));
        Assert.Contains(log.Lines, line => line.Text.EndsWith("ALTER DATABASE [x] SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE", StringComparison.Ordinal));
        Assert.Contains(log.Lines, line => line.Text.EndsWith("ALTER DATABASE [x] SET COMPATIBILITY_LEVEL = 130", StringComparison.Ordinal));
        foreach (var sql in recorder.Commands.Select(command => command.Sql).Concat(log.Lines.Select(line => line.Text[line.Text.IndexOf("ALTER", StringComparison.Ordinal)..])))
        {
            new TSql160Parser(initialQuotedIdentifiers: true).Parse(new StringReader(sql), out var errors);
            Assert.Empty(errors);
        }
    }
}
