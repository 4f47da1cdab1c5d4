using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Data;
using BlazorChat.Rooms.Messages;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Admin.Settings;

/// <summary>Greets a new site: the first message of its first room says what people need on their first day.</summary>
internal sealed class FirstSteps(IDbContextFactory<ChatDbContext> databases, Conversation conversation)
{
    /// <summary>Always the same, so that a form that is sent twice sends one message.</summary>
    private static readonly Guid MessageId = new("6f1c7a52-0f5e-4a55-9c39-1d0f5a7be001");

    /// <summary>Sends the message in the admin's language, unless the room has messages.</summary>
    /// <exception cref="Common.RefusedException">The user is no admin.</exception>
    public async Task GreetAsync(ClaimsPrincipal admin, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.CheckAdminAsync(admin, cancellationToken);
        var userId = admin.UserId;
        var room = await db.Rooms
            .Where(room => room.IsDefault && room.LastSequence == 0 && db.Memberships.Any(member => member.RoomId == room.Id && member.UserId == userId))
            .OrderBy(room => room.Id)
            .Select(room => room.Id)
            .FirstOrDefaultAsync(cancellationToken);
        if (room != 0)
            await conversation.SendAsync(admin, room, MessageId, Text, cancellationToken);
    }

    private static string Text => $"""
        {AdminTexts.Get("FirstMessage")}

        - {AdminTexts.Get("FirstMention")}
        - {AdminTexts.Get("FirstThread")}
        - {AdminTexts.Get("FirstFormat")}
        - {AdminTexts.Get("FirstJump")}
        """;
}
