using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BlazorChat.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class SearchedPolls : Migration
    {
        /// <summary>The index is written again from the first poll of each room on, since options of polls are found now.</summary>
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                UPDATE SearchPositions
                SET Revision = (SELECT MIN(m.Revision) FROM Polls p JOIN Messages m ON m.Id = p.MessageId WHERE m.RoomId = SearchPositions.SourceId) - 1
                WHERE Kind = 0 AND Revision >= (SELECT MIN(m.Revision) FROM Polls p JOIN Messages m ON m.Id = p.MessageId WHERE m.RoomId = SearchPositions.SourceId)
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
        }
    }
}
