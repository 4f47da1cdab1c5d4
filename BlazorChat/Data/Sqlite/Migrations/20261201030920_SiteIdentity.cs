using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BlazorChat.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class SiteIdentity : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "SiteSettings",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    WelcomeText = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    Accent = table.Column<string>(type: "TEXT", maxLength: 7, nullable: true),
                    LogoId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Registration = table.Column<int>(type: "INTEGER", nullable: true),
                    OnlyAdminsCreateRooms = table.Column<bool>(type: "INTEGER", nullable: false),
                    LinkPreviews = table.Column<bool>(type: "INTEGER", nullable: true),
                    MaxUploadSize = table.Column<long>(type: "INTEGER", nullable: true),
                    UpdatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SiteSettings", x => x.Id);
                });

            migrationBuilder.Sql("INSERT INTO SiteSettings (Id, WelcomeText, OnlyAdminsCreateRooms, UpdatedAt, Version) VALUES (1, '', 0, '1970-01-01 00:00:00', 0)");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "SiteSettings");
        }
    }
}
