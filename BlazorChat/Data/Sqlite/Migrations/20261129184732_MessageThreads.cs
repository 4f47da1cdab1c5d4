using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BlazorChat.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class MessageThreads : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "ReplyNumber",
                table: "Messages",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ThreadRoot",
                table: "Messages",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "Threads",
                columns: table => new
                {
                    RootId = table.Column<long>(type: "INTEGER", nullable: false),
                    RoomId = table.Column<int>(type: "INTEGER", nullable: false),
                    RootSequence = table.Column<long>(type: "INTEGER", nullable: false),
                    LastReply = table.Column<long>(type: "INTEGER", nullable: false),
                    LastReplyAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Repliers = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Threads", x => x.RootId);
                    table.ForeignKey(
                        name: "FK_Threads_Messages_RootId",
                        column: x => x.RootId,
                        principalTable: "Messages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ThreadFollows",
                columns: table => new
                {
                    RootId = table.Column<long>(type: "INTEGER", nullable: false),
                    UserId = table.Column<int>(type: "INTEGER", nullable: false),
                    LastReadReply = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ThreadFollows", x => new { x.RootId, x.UserId });
                    table.ForeignKey(
                        name: "FK_ThreadFollows_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_ThreadFollows_Threads_RootId",
                        column: x => x.RootId,
                        principalTable: "Threads",
                        principalColumn: "RootId",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Messages_RoomId_ThreadRoot_ReplyNumber",
                table: "Messages",
                columns: new[] { "RoomId", "ThreadRoot", "ReplyNumber" },
                unique: true,
                filter: "ThreadRoot IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_ThreadFollows_UserId",
                table: "ThreadFollows",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_Threads_RoomId_RootSequence",
                table: "Threads",
                columns: new[] { "RoomId", "RootSequence" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ThreadFollows");

            migrationBuilder.DropTable(
                name: "Threads");

            migrationBuilder.DropIndex(
                name: "IX_Messages_RoomId_ThreadRoot_ReplyNumber",
                table: "Messages");

            migrationBuilder.DropColumn(
                name: "ReplyNumber",
                table: "Messages");

            migrationBuilder.DropColumn(
                name: "ThreadRoot",
                table: "Messages");
        }
    }
}
