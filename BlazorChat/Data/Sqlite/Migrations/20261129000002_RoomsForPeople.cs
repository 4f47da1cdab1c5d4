using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BlazorChat.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class RoomsForPeople : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Rooms_NormalizedName",
                table: "Rooms");

            migrationBuilder.RenameColumn(
                name: "NameVersion",
                table: "Rooms",
                newName: "Version");

            migrationBuilder.AddColumn<DateTime>(
                name: "ArchivedAt",
                table: "Rooms",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Description",
                table: "Rooms",
                type: "TEXT",
                maxLength: 1000,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "LinkKey",
                table: "Rooms",
                type: "TEXT",
                maxLength: 256,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "PeopleKey",
                table: "Rooms",
                type: "TEXT",
                maxLength: 220,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Topic",
                table: "Rooms",
                type: "TEXT",
                maxLength: 250,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<long>(
                name: "HiddenAt",
                table: "Memberships",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "IsFavourite",
                table: "Memberships",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "Level",
                table: "Memberships",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "PreferencesVersion",
                table: "Memberships",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "UnreadFrom",
                table: "Memberships",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "UnreadMarks",
                table: "Memberships",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Handle",
                table: "AspNetUsers",
                type: "TEXT",
                maxLength: 40,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "HandleShape",
                table: "AspNetUsers",
                type: "TEXT",
                maxLength: 256,
                nullable: false,
                defaultValue: "");

            migrationBuilder.CreateTable(
                name: "Mentions",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    RoomId = table.Column<int>(type: "INTEGER", nullable: false),
                    Sequence = table.Column<long>(type: "INTEGER", nullable: false),
                    UserId = table.Column<int>(type: "INTEGER", nullable: true),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Mentions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Mentions_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Mentions_Rooms_RoomId",
                        column: x => x.RoomId,
                        principalTable: "Rooms",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "RoomDeletions",
                columns: table => new
                {
                    RoomId = table.Column<int>(type: "INTEGER", nullable: false),
                    LeasedUntil = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RoomDeletions", x => x.RoomId);
                    table.ForeignKey(
                        name: "FK_RoomDeletions_Rooms_RoomId",
                        column: x => x.RoomId,
                        principalTable: "Rooms",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            // The app assigns handles at its start. Until then each person has a unique text that is none.
            migrationBuilder.Sql("""UPDATE "AspNetUsers" SET "Handle" = '#' || "Id", "HandleShape" = '#' || "Id";""");
            migrationBuilder.Sql("""UPDATE "Rooms" SET "LinkKey" = REPLACE("NameKey", ' ', '-');""");

            migrationBuilder.CreateIndex(
                name: "IX_Rooms_LinkKey",
                table: "Rooms",
                column: "LinkKey");

            migrationBuilder.CreateIndex(
                name: "IX_Rooms_NormalizedName",
                table: "Rooms",
                column: "NormalizedName",
                filter: "Kind <> 2");

            migrationBuilder.CreateIndex(
                name: "IX_Rooms_PeopleKey",
                table: "Rooms",
                column: "PeopleKey",
                unique: true,
                filter: "PeopleKey IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_AspNetUsers_Handle",
                table: "AspNetUsers",
                column: "Handle",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_AspNetUsers_HandleShape",
                table: "AspNetUsers",
                column: "HandleShape",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Mentions_RoomId_Sequence",
                table: "Mentions",
                columns: new[] { "RoomId", "Sequence" });

            migrationBuilder.CreateIndex(
                name: "IX_Mentions_UserId",
                table: "Mentions",
                column: "UserId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Mentions");

            migrationBuilder.DropTable(
                name: "RoomDeletions");

            migrationBuilder.DropIndex(
                name: "IX_Rooms_LinkKey",
                table: "Rooms");

            migrationBuilder.DropIndex(
                name: "IX_Rooms_NormalizedName",
                table: "Rooms");

            migrationBuilder.DropIndex(
                name: "IX_Rooms_PeopleKey",
                table: "Rooms");

            migrationBuilder.DropIndex(
                name: "IX_AspNetUsers_Handle",
                table: "AspNetUsers");

            migrationBuilder.DropIndex(
                name: "IX_AspNetUsers_HandleShape",
                table: "AspNetUsers");

            migrationBuilder.DropColumn(
                name: "ArchivedAt",
                table: "Rooms");

            migrationBuilder.DropColumn(
                name: "Description",
                table: "Rooms");

            migrationBuilder.DropColumn(
                name: "LinkKey",
                table: "Rooms");

            migrationBuilder.DropColumn(
                name: "PeopleKey",
                table: "Rooms");

            migrationBuilder.DropColumn(
                name: "Topic",
                table: "Rooms");

            migrationBuilder.DropColumn(
                name: "HiddenAt",
                table: "Memberships");

            migrationBuilder.DropColumn(
                name: "IsFavourite",
                table: "Memberships");

            migrationBuilder.DropColumn(
                name: "Level",
                table: "Memberships");

            migrationBuilder.DropColumn(
                name: "PreferencesVersion",
                table: "Memberships");

            migrationBuilder.DropColumn(
                name: "UnreadFrom",
                table: "Memberships");

            migrationBuilder.DropColumn(
                name: "UnreadMarks",
                table: "Memberships");

            migrationBuilder.DropColumn(
                name: "Handle",
                table: "AspNetUsers");

            migrationBuilder.DropColumn(
                name: "HandleShape",
                table: "AspNetUsers");

            migrationBuilder.RenameColumn(
                name: "Version",
                table: "Rooms",
                newName: "NameVersion");

            migrationBuilder.CreateIndex(
                name: "IX_Rooms_NormalizedName",
                table: "Rooms",
                column: "NormalizedName");
        }
    }
}
