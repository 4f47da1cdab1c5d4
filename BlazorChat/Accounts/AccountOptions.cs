using System.ComponentModel.DataAnnotations;
using BlazorChat.Common.Sites;

namespace BlazorChat.Accounts;

/// <summary>The section <c>Accounts</c> of the settings.</summary>
public sealed class AccountOptions
{
    [EnumDataType(typeof(RegistrationMode))]
    public RegistrationMode Registration { get; set; } = RegistrationMode.Invitation;

    /// <summary>Who may create an account: what an admin has set, or this setting.</summary>
    internal RegistrationMode RegistrationOf(SiteRules rules) => (RegistrationMode?)rules.Registration ?? Registration;

    /// <summary>Failed sign-ins, codes, keys and invitations of one address within a minute. Successful ones do not count.</summary>
    [Range(1, 1_000_000)]
    public int AttemptsPerMinute { get; set; } = 20;

    /// <summary>New accounts of one address within an hour.</summary>
    [Range(1, 1_000_000)]
    public int RegistrationsPerHour { get; set; } = 200;

    /// <summary>
    /// The time after a sign-in or a confirmation of the password in which passkeys and two-factor sign-in may be changed: 1 min to 1 day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan ConfirmationLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The time after which a changed password or right has reached every signed-in user: 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RevalidationInterval { get; set; } = TimeSpan.FromSeconds(30);
}

public enum RegistrationMode
{
    /// <summary>Everybody with the invitation link may register.</summary>
    Invitation,

    /// <summary>Everybody may register.</summary>
    Open,

    /// <summary>Nobody may register.</summary>
    Closed,
}
