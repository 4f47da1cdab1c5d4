using Microsoft.AspNetCore.Components;

namespace BlazorChat.Common.Components;

/// <summary>
/// The zone in which a day begins for this reader; times themselves are written by the browser (<see cref="LocalTime"/>). The page's
/// first request reads it from a cookie that a script keeps; it then goes with the persisted state into the circuit, which sees no
/// request. A circuit whose page came without it asks the browser.
/// </summary>
public sealed class ReaderTimeZone
{
    public const string CookieName = "time-zone";

    /// <summary>A cookie holds whatever it was given, and this travels with the page.</summary>
    private const int MaxLength = 64;

    private TimeZoneInfo? _zone;

    /// <summary>IANA name, as the browser gives it; null until the browser has told.</summary>
    [PersistentState]
    public string? Id { get; set => field = value is { Length: <= MaxLength } ? value : null; }

    /// <summary>UTC until the browser has told.</summary>
    public TimeZoneInfo Zone => _zone ??= Find(Id) ?? TimeZoneInfo.Utc;

    /// <summary>Takes the zone that a script has named; false when it is the one that is known, or none.</summary>
    public bool TryChange(string? id)
    {
        if (Find(id) is not { } zone || zone.Equals(Zone))
            return false;
        (Id, _zone) = (id, zone);
        return true;
    }

    private static TimeZoneInfo? Find(string? id) =>
        id is { Length: > 0 and <= MaxLength } && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : null;
}
