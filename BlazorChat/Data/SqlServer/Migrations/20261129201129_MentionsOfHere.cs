using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BlazorChat.Data.SqlServer.Migrations
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
                type: "nvarchar(max)",
                nullable: true);
            // A row for each person was one of @here; now all of them are a row. EXEC, since the column is not there when a batch is compiled.
            migrationBuilder.Sql(
                """
                EXEC(N'
                UPDATE m SET m.[Here] = (
                    SELECT N''['' + STRING_AGG(CONVERT(nvarchar(max), o.[UserId]), N'','') + N'']'' FROM [Mentions] AS o
                    WHERE o.[RoomId] = m.[RoomId] AND o.[Sequence] = m.[Sequence] AND o.[Kind] = 2)
                FROM [Mentions] AS m
                WHERE m.[Kind] = 2 AND m.[Id] = (
                    SELECT MIN(o.[Id]) FROM [Mentions] AS o
                    WHERE o.[RoomId] = m.[RoomId] AND o.[Sequence] = m.[Sequence] AND o.[Kind] = 2);
                DELETE FROM [Mentions] WHERE [Kind] = 2 AND [Here] IS NULL;
                UPDATE [Mentions] SET [UserId] = NULL WHERE [Kind] = 2;')
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""DELETE FROM [Mentions] WHERE [Kind] = 2""");
            migrationBuilder.DropColumn(
                name: "Here",
                table: "Mentions");
        }
    }
}
