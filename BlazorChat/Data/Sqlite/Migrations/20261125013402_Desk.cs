using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BlazorChat.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Desk : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_LiveblogPosts_LiveblogId_PublishedAt",
                table: "LiveblogPosts");

            migrationBuilder.AddColumn<long>(
                name: "HeadRevision",
                table: "Liveblogs",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "Standfirst",
                table: "Liveblogs",
                type: "TEXT",
                maxLength: 400,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<Guid>(
                name: "DraftId",
                table: "LiveblogPosts",
                type: "TEXT",
                nullable: false,
                defaultValue: new Guid("00000000-0000-0000-0000-000000000000"));

            migrationBuilder.AddColumn<long>(
                name: "FirstRevision",
                table: "LiveblogPosts",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<bool>(
                name: "IsKeyEvent",
                table: "LiveblogPosts",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "IsPinned",
                table: "LiveblogPosts",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            // What was there already keeps its places.
            migrationBuilder.Sql("UPDATE \"LiveblogPosts\" SET \"FirstRevision\" = \"Revision\", \"DraftId\" = hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(6));");

            migrationBuilder.Sql("UPDATE \"Liveblogs\" SET \"HeadRevision\" = \"LastRevision\" WHERE \"State\" = 2;");

            migrationBuilder.CreateTable(
                name: "LiveblogDrafts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    LiveblogId = table.Column<int>(type: "INTEGER", nullable: false),
                    AuthorId = table.Column<int>(type: "INTEGER", nullable: false),
                    Title = table.Column<string>(type: "TEXT", maxLength: 160, nullable: false),
                    Markdown = table.Column<string>(type: "TEXT", nullable: false),
                    IsKeyEvent = table.Column<bool>(type: "INTEGER", nullable: false),
                    ScheduledFor = table.Column<DateTime>(type: "TEXT", nullable: true),
                    SavedAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LiveblogDrafts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_LiveblogDrafts_AspNetUsers_AuthorId",
                        column: x => x.AuthorId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_LiveblogDrafts_Liveblogs_LiveblogId",
                        column: x => x.LiveblogId,
                        principalTable: "Liveblogs",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "LiveblogEditors",
                columns: table => new
                {
                    LiveblogId = table.Column<int>(type: "INTEGER", nullable: false),
                    UserId = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LiveblogEditors", x => new { x.LiveblogId, x.UserId });
                    table.ForeignKey(
                        name: "FK_LiveblogEditors_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_LiveblogEditors_Liveblogs_LiveblogId",
                        column: x => x.LiveblogId,
                        principalTable: "Liveblogs",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "LiveblogPostVersions",
                columns: table => new
                {
                    PostId = table.Column<int>(type: "INTEGER", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    Title = table.Column<string>(type: "TEXT", maxLength: 160, nullable: false),
                    Markdown = table.Column<string>(type: "TEXT", nullable: false),
                    WrittenById = table.Column<int>(type: "INTEGER", nullable: false),
                    WrittenAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LiveblogPostVersions", x => new { x.PostId, x.Number });
                    table.ForeignKey(
                        name: "FK_LiveblogPostVersions_AspNetUsers_WrittenById",
                        column: x => x.WrittenById,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_LiveblogPostVersions_LiveblogPosts_PostId",
                        column: x => x.PostId,
                        principalTable: "LiveblogPosts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_LiveblogPosts_DraftId",
                table: "LiveblogPosts",
                column: "DraftId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_LiveblogPosts_LiveblogId_Id",
                table: "LiveblogPosts",
                columns: new[] { "LiveblogId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_LiveblogDrafts_AuthorId",
                table: "LiveblogDrafts",
                column: "AuthorId");

            migrationBuilder.CreateIndex(
                name: "IX_LiveblogDrafts_LiveblogId",
                table: "LiveblogDrafts",
                column: "LiveblogId");

            migrationBuilder.CreateIndex(
                name: "IX_LiveblogDrafts_ScheduledFor",
                table: "LiveblogDrafts",
                column: "ScheduledFor");

            migrationBuilder.CreateIndex(
                name: "IX_LiveblogEditors_UserId",
                table: "LiveblogEditors",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_LiveblogPostVersions_WrittenById",
                table: "LiveblogPostVersions",
                column: "WrittenById");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "LiveblogDrafts");

            migrationBuilder.DropTable(
                name: "LiveblogEditors");

            migrationBuilder.DropTable(
                name: "LiveblogPostVersions");

            migrationBuilder.DropIndex(
                name: "IX_LiveblogPosts_DraftId",
                table: "LiveblogPosts");

            migrationBuilder.DropIndex(
                name: "IX_LiveblogPosts_LiveblogId_Id",
                table: "LiveblogPosts");

            migrationBuilder.DropColumn(
                name: "HeadRevision",
                table: "Liveblogs");

            migrationBuilder.DropColumn(
                name: "Standfirst",
                table: "Liveblogs");

            migrationBuilder.DropColumn(
                name: "DraftId",
                table: "LiveblogPosts");

            migrationBuilder.DropColumn(
                name: "FirstRevision",
                table: "LiveblogPosts");

            migrationBuilder.DropColumn(
                name: "IsKeyEvent",
                table: "LiveblogPosts");

            migrationBuilder.DropColumn(
                name: "IsPinned",
                table: "LiveblogPosts");

            migrationBuilder.CreateIndex(
                name: "IX_LiveblogPosts_LiveblogId_PublishedAt",
                table: "LiveblogPosts",
                columns: new[] { "LiveblogId", "PublishedAt" });
        }
    }
}
