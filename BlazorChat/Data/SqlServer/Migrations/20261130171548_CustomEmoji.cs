using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BlazorChat.Data.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class CustomEmoji : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // The name of an emoji with its colons. AlterColumn would look for a default first, which a script cannot do in one statement.
            migrationBuilder.Sql("ALTER TABLE [Reactions] ALTER COLUMN [Emoji] nvarchar(34) COLLATE Latin1_General_100_BIN2 NOT NULL");

            migrationBuilder.CreateTable(
                name: "CustomEmoji",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Name = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false, collation: "Latin1_General_100_BIN2"),
                    CreatedById = table.Column<int>(type: "int", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "datetime2", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CustomEmoji", x => x.Id);
                    table.ForeignKey(
                        name: "FK_CustomEmoji_AspNetUsers_CreatedById",
                        column: x => x.CreatedById,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_CustomEmoji_CreatedById",
                table: "CustomEmoji",
                column: "CreatedById");

            migrationBuilder.CreateIndex(
                name: "IX_CustomEmoji_Name",
                table: "CustomEmoji",
                column: "Name",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "CustomEmoji");

            migrationBuilder.Sql("ALTER TABLE [Reactions] ALTER COLUMN [Emoji] nvarchar(32) COLLATE Latin1_General_100_BIN2 NOT NULL");
        }
    }
}
