using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BlazorChat.Data.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class EastAsianNames : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Names with other characters than those of ASCII may have another shape now; StaleNames computes it.
            migrationBuilder.Sql("EXEC(N'UPDATE [AspNetUsers] SET [NameShape] = N''STALE'' + CAST([Id] AS nvarchar(11)) WHERE [DisplayName] COLLATE Latin1_General_100_BIN2 LIKE N''%[^ -~]%'';')");
            migrationBuilder.Sql("EXEC(N'UPDATE [AspNetUsers] SET [HandleShape] = N''STALE'' + CAST([Id] AS nvarchar(11)) WHERE [Handle] COLLATE Latin1_General_100_BIN2 LIKE N''%[^ -~]%'';')");
            migrationBuilder.Sql("EXEC(N'UPDATE [Rooms] SET [NameShape] = N''STALE'' + CAST([Id] AS nvarchar(11)) WHERE [Name] COLLATE Latin1_General_100_BIN2 LIKE N''%[^ -~]%'';')");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // Shapes stay: the next version computes them again.
        }
    }
}
