using Microsoft.AspNetCore.Components;

namespace BlazorChat.Accounts;

/// <summary>
/// The zone in which times are shown to this reader. The page's first request reads it from a cookie that a script keeps;
/// it then goes with the persisted state into the circuit, which sees no request.
/// </summary>
public sealed class ReaderTimeZone
{
    public const string CookieName = "time-zone";

    private TimeZoneInfo? _zone;

    /// <summary>IANA name, as the browser gives it; null until the browser has told.</summary>
    [PersistentState]
    public string? Id { get; set; }

    /// <summary>UTC until the browser has told.</summary>
    public TimeZoneInfo Zone => _zone ??=
        Id is { Length: <= 64 } && TimeZoneInfo.TryFindSystemTimeZoneById(Id, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <param name="utc">A time in UTC.</param>
    public DateTime ToLocal(DateTime utc) => TimeZoneInfo.ConvertTimeFromUtc(utc, Zone);
}
