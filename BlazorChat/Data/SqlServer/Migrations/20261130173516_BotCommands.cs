using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BlazorChat.Data.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class BotCommands : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "BotCalls",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    BotId = table.Column<int>(type: "int", nullable: false),
                    RoomId = table.Column<int>(type: "int", nullable: false),
                    UserId = table.Column<int>(type: "int", nullable: false),
                    ClientCallId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Name = table.Column<string>(type: "nvarchar(30)", maxLength: 30, nullable: false),
                    Text = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    CalledAt = table.Column<DateTime>(type: "datetime2", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BotCalls", x => x.Id);
                    table.ForeignKey(
                        name: "FK_BotCalls_AspNetUsers_BotId",
                        column: x => x.BotId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_BotCalls_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_BotCalls_Rooms_RoomId",
                        column: x => x.RoomId,
                        principalTable: "Rooms",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "BotCommands",
                columns: table => new
                {
                    Name = table.Column<string>(type: "nvarchar(30)", maxLength: 30, nullable: false, collation: "Latin1_General_100_BIN2"),
                    BotId = table.Column<int>(type: "int", nullable: false),
                    Usage = table.Column<string>(type: "nvarchar(60)", maxLength: 60, nullable: false),
                    Hint = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BotCommands", x => x.Name);
                    table.ForeignKey(
                        name: "FK_BotCommands_AspNetUsers_BotId",
                        column: x => x.BotId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_BotCalls_BotId",
                table: "BotCalls",
                column: "BotId");

            migrationBuilder.CreateIndex(
                name: "IX_BotCalls_CalledAt",
                table: "BotCalls",
                column: "CalledAt");

            migrationBuilder.CreateIndex(
                name: "IX_BotCalls_RoomId",
                table: "BotCalls",
                column: "RoomId");

            migrationBuilder.CreateIndex(
                name: "IX_BotCalls_UserId_ClientCallId",
                table: "BotCalls",
                columns: new[] { "UserId", "ClientCallId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_BotCommands_BotId",
                table: "BotCommands",
                column: "BotId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "BotCalls");

            migrationBuilder.DropTable(
                name: "BotCommands");
        }
    }
}
