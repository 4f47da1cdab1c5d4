using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BlazorChat.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class MentionsOfHere : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Here",
                table: "Mentions",
                type: "TEXT",
                nullable: true);
            // A row for each person was one of @here; now all of them are a row.
            migrationBuilder.Sql(
                """
                UPDATE "Mentions" SET "Here" = (
                    SELECT json_group_array(o."UserId") FROM "Mentions" AS o
                    WHERE o."RoomId" = "Mentions"."RoomId" AND o."Sequence" = "Mentions"."Sequence" AND o."Kind" = 2)
                WHERE "Kind" = 2 AND "Id" = (
                    SELECT MIN(o."Id") FROM "Mentions" AS o
                    WHERE o."RoomId" = "Mentions"."RoomId" AND o."Sequence" = "Mentions"."Sequence" AND o."Kind" = 2);
                DELETE FROM "Mentions" WHERE "Kind" = 2 AND "Here" IS NULL;
                UPDATE "Mentions" SET "UserId" = NULL WHERE "Kind" = 2;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""DELETE FROM "Mentions" WHERE "Kind" = 2""");
            migrationBuilder.DropColumn(
                name: "Here",
                table: "Mentions");
        }
    }
}
