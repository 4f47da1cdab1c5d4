using Microsoft.AspNetCore.Components;

namespace BlazorChat.Accounts;

/// <summary>
/// The zone in which times are shown to this reader. The page's first request reads it from a cookie that a script keeps;
/// it then goes with the persisted state into the circuit, which sees no request.
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
    public TimeZoneInfo Zone => _zone ??=
        Id is not null && TimeZoneInfo.TryFindSystemTimeZoneById(Id, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <param name="utc">A time in UTC.</param>
    public DateTime ToLocal(DateTime utc) => TimeZoneInfo.ConvertTimeFromUtc(utc, Zone);
}
