using System.ComponentModel.DataAnnotations;

namespace BlazorChat.Accounts;

/// <summary>The section <c>Accounts</c> of the settings.</summary>
public sealed class AccountOptions
{
    [EnumDataType(typeof(RegistrationMode))]
    public RegistrationMode Registration { get; set; } = RegistrationMode.Invitation;

    /// <summary>How many sign-ins, codes, keys and invitations of one address may fail within a minute. What succeeds does not count.</summary>
    [Range(1, 1_000_000)]
    public int AttemptsPerMinute { get; set; } = 20;

    /// <summary>How many accounts one address may create within an hour.</summary>
    [Range(1, 1_000_000)]
    public int RegistrationsPerHour { get; set; } = 200;

    /// <summary>
    /// For how long after signing in, or confirming that it is you, passkeys and two-factor sign-in may be changed: 1 min to 1 day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan ConfirmationLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a changed password or right may take to reach who is signed in: 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RevalidationInterval { get; set; } = TimeSpan.FromSeconds(30);
}

public enum RegistrationMode
{
    /// <summary>With the invitation link.</summary>
    Invitation,

    /// <summary>By anybody who finds the page.</summary>
    Open,

    /// <summary>By nobody.</summary>
    Closed,
}
