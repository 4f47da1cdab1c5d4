using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BlazorChat.Data.Sqlite.Migrations
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
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    Term = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    ItemId = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IndexedTerms", x => new { x.Kind, x.Term, x.ItemId });
                });

            migrationBuilder.CreateTable(
                name: "SearchPositions",
                columns: table => new
                {
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    PlaceId = table.Column<int>(type: "INTEGER", nullable: false),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false),
                    IsOpen = table.Column<bool>(type: "INTEGER", nullable: false),
                    RescopedUntil = table.Column<long>(type: "INTEGER", nullable: true)
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

            // The app makes the terms, so that the tokenizer only separates them at spaces.
            foreach (var table in new[] { "MessageSearch", "PostSearch" })
                migrationBuilder.Sql($"CREATE VIRTUAL TABLE \"{table}\" USING fts5(\"Terms\", content='', contentless_delete=1, tokenize=\"ascii tokenchars '_'\")");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "MessageSearch");

            migrationBuilder.DropTable(
                name: "PostSearch");

            migrationBuilder.DropTable(
                name: "IndexedTerms");

            migrationBuilder.DropTable(
                name: "SearchPositions");
        }
    }
}
