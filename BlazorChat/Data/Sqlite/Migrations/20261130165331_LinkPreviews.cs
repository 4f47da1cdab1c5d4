using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BlazorChat.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class LinkPreviews : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Previews",
                table: "Messages",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "LinkLookups",
                columns: table => new
                {
                    AddressKey = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    LeasedUntil = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    RequestedById = table.Column<int>(type: "INTEGER", nullable: false),
                    BegunAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    ExpiresAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    PreviewId = table.Column<Guid>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LinkLookups", x => x.AddressKey);
                });

            migrationBuilder.CreateTable(
                name: "LinkPreviews",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Title = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Text = table.Column<string>(type: "TEXT", maxLength: 300, nullable: false),
                    Site = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    PictureHash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: true),
                    PictureWidth = table.Column<int>(type: "INTEGER", nullable: false),
                    PictureHeight = table.Column<int>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LinkPreviews", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "MessageLinks",
                columns: table => new
                {
                    RoomId = table.Column<int>(type: "INTEGER", nullable: false),
                    Sequence = table.Column<long>(type: "INTEGER", nullable: false),
                    AddressKey = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Address = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: false),
                    Position = table.Column<int>(type: "INTEGER", nullable: false),
                    AuthorId = table.Column<int>(type: "INTEGER", nullable: false),
                    DueAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    PreviewId = table.Column<Guid>(type: "TEXT", nullable: true),
                    IsRemoved = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MessageLinks", x => new { x.RoomId, x.Sequence, x.AddressKey });
                    table.ForeignKey(
                        name: "FK_MessageLinks_Rooms_RoomId",
                        column: x => x.RoomId,
                        principalTable: "Rooms",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_LinkLookups_ExpiresAt",
                table: "LinkLookups",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_LinkLookups_PreviewId",
                table: "LinkLookups",
                column: "PreviewId");

            migrationBuilder.CreateIndex(
                name: "IX_LinkLookups_RequestedById_BegunAt",
                table: "LinkLookups",
                columns: new[] { "RequestedById", "BegunAt" });

            migrationBuilder.CreateIndex(
                name: "IX_LinkPreviews_CreatedAt",
                table: "LinkPreviews",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_LinkPreviews_PictureHash",
                table: "LinkPreviews",
                column: "PictureHash");

            migrationBuilder.CreateIndex(
                name: "IX_MessageLinks_AddressKey_DueAt",
                table: "MessageLinks",
                columns: new[] { "AddressKey", "DueAt" });

            migrationBuilder.CreateIndex(
                name: "IX_MessageLinks_DueAt",
                table: "MessageLinks",
                column: "DueAt");

            migrationBuilder.CreateIndex(
                name: "IX_MessageLinks_PreviewId",
                table: "MessageLinks",
                column: "PreviewId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "LinkLookups");

            migrationBuilder.DropTable(
                name: "LinkPreviews");

            migrationBuilder.DropTable(
                name: "MessageLinks");

            migrationBuilder.DropColumn(
                name: "Previews",
                table: "Messages");
        }
    }
}
