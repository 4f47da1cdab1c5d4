using BlazorChat.Common.Localization;

namespace BlazorChat.Admin.HealthChecks;

internal enum HealthState
{
    Good,

    /// <summary>It works, and an admin should look at it.</summary>
    Notice,

    /// <summary>Something does not work.</summary>
    Bad,
}

/// <summary>What the health page says of one part of the site.</summary>
/// <param name="Name">The part.</param>
/// <param name="Finding">How it is.</param>
/// <param name="Advice">What an admin can do; null for nothing.</param>
/// <param name="Address">The page where it is done; null for none.</param>
/// <param name="Command">A command for the server, as it is typed; null for none.</param>
internal sealed record HealthItem(
    LocalText Name, HealthState State, LocalText Finding, LocalText? Advice = null, string? Address = null, string? Command = null);
