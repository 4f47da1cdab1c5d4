using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BlazorChat.Data.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class IndexOfWords : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "IndexedTerms",
                columns: table => new
                {
                    Kind = table.Column<int>(type: "int", nullable: false),
                    Term = table.Column<string>(type: "nvarchar(80)", maxLength: 80, nullable: false, collation: "Latin1_General_100_BIN2"),
                    ItemId = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IndexedTerms", x => new { x.Kind, x.Term, x.ItemId });
                });

            migrationBuilder.CreateTable(
                name: "SearchPositions",
                columns: table => new
                {
                    Kind = table.Column<int>(type: "int", nullable: false),
                    PlaceId = table.Column<int>(type: "int", nullable: false),
                    Revision = table.Column<long>(type: "bigint", nullable: false),
                    IsOpen = table.Column<bool>(type: "bit", nullable: false),
                    RescopedUntil = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SearchPositions", x => new { x.Kind, x.PlaceId });
                });

            migrationBuilder.CreateIndex(
                name: "IX_IndexedTerms_Kind_ItemId",
                table: "IndexedTerms",
                columns: new[] { "Kind", "ItemId" });

            migrationBuilder.CreateIndex(
                name: "IX_SearchPositions_RescopedUntil",
                table: "SearchPositions",
                column: "RescopedUntil",
                filter: "RescopedUntil IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "IndexedTerms");

            migrationBuilder.DropTable(
                name: "SearchPositions");
        }
    }
}
