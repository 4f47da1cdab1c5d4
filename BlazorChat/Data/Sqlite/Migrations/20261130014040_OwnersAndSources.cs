using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BlazorChat.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class OwnersAndSources : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.RenameColumn(
                name: "PlaceId",
                table: "SearchPositions",
                newName: "SourceId");

            migrationBuilder.RenameColumn(
                name: "PlaceId",
                table: "Attachments",
                newName: "OwnerId");

            migrationBuilder.RenameColumn(
                name: "Place",
                table: "Attachments",
                newName: "Owner");

            migrationBuilder.RenameIndex(
                name: "IX_Attachments_Place_PlaceId",
                table: "Attachments",
                newName: "IX_Attachments_Owner_OwnerId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.RenameColumn(
                name: "SourceId",
                table: "SearchPositions",
                newName: "PlaceId");

            migrationBuilder.RenameColumn(
                name: "OwnerId",
                table: "Attachments",
                newName: "PlaceId");

            migrationBuilder.RenameColumn(
                name: "Owner",
                table: "Attachments",
                newName: "Place");

            migrationBuilder.RenameIndex(
                name: "IX_Attachments_Owner_OwnerId",
                table: "Attachments",
                newName: "IX_Attachments_Place_PlaceId");
        }
    }
}
