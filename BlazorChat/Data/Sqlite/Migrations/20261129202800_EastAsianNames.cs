using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BlazorChat.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class EastAsianNames : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Names with other characters than those of ASCII may have another shape now; StaleNames computes it.
            migrationBuilder.Sql("""
                UPDATE "AspNetUsers" SET "NameShape" = 'STALE' || "Id" WHERE "DisplayName" GLOB '*[^ -~]*';
                UPDATE "AspNetUsers" SET "HandleShape" = 'STALE' || "Id" WHERE "Handle" GLOB '*[^ -~]*';
                UPDATE "Rooms" SET "NameShape" = 'STALE' || "Id" WHERE "Name" GLOB '*[^ -~]*';
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // Shapes stay: the next version computes them again.
        }
    }
}
