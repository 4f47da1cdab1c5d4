using BlazorChat.Accounts.Preferences;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Notifications;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Directory;

/// <summary>The level of the rooms for which a person chose none.</summary>
/// <param name="Version">See <see cref="NotificationSettings.Version"/>.</param>
public sealed record DefaultLevel(RoomLevel Level, int Version)
{
    /// <summary>That of a person who changed no settings.</summary>
    internal static DefaultLevel Initial { get; } = Of(NotificationChoices.Default);

    internal static DefaultLevel Of(NotificationChoices choices) => new(choices.RoomLevel, choices.Version);

    /// <summary>Reads the levels of people. Those who changed no settings are omitted.</summary>
    internal static Task<Dictionary<int, DefaultLevel>> ReadAsync(ChatDbContext db, int[] userIds, CancellationToken cancellationToken) =>
        db.NotificationSettings
            .Where(settings => userIds.Contains(settings.UserId))
            .Select(settings => new { settings.UserId, settings.RoomLevel, settings.Version })
            .ToDictionaryAsync(settings => settings.UserId, settings => new DefaultLevel(settings.RoomLevel, settings.Version), cancellationToken);
}
