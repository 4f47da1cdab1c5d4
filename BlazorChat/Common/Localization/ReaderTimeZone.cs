using Microsoft.AspNetCore.Components;

namespace BlazorChat.Common.Localization;

/// <summary>
/// The reader's time zone, which decides where a day begins; the browser itself renders times (<see cref="LocalTime"/>). The request for the
/// page reads the zone from a cookie that a script sets. The persisted state carries it into the circuit, which has no request. A circuit
/// without it asks the browser.
/// </summary>
public sealed class ReaderTimeZone
{
    public const string CookieName = "time-zone";

    /// <summary>The value of the cookie is untrusted, and the page's state has a size limit.</summary>
    private const int MaxLength = 64;

    private TimeZoneInfo? _zone;

    /// <summary>The IANA name from the browser; null until it is known. Longer names are ignored.</summary>
    [PersistentState]
    public string? Id { get; set => field = value is { Length: <= MaxLength } ? value : null; }

    /// <summary>Whether the browser has reported a zone that this system knows.</summary>
    public bool IsKnown => Find(Id) is not null;

    /// <summary>The time zone; UTC until it is known.</summary>
    public TimeZoneInfo Zone => _zone ??= Find(Id) ?? TimeZoneInfo.Utc;

    /// <summary>Sets the zone that a script reports. False when it is unknown to the system, or is the current one.</summary>
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
