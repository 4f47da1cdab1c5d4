using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BlazorChat.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class QuietTimeZone : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "QuietTimeZone",
                table: "NotificationSettings",
                type: "TEXT",
                maxLength: 64,
                nullable: true);

            migrationBuilder.Sql("UPDATE \"NotificationSettings\" SET \"QuietTimeZone\" = \"TimeZone\" WHERE \"QuietFrom\" IS NOT NULL;");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "QuietTimeZone",
                table: "NotificationSettings");
        }
    }
}
