using System.ComponentModel.DataAnnotations;

namespace BlazorChat.Accounts;

/// <summary>The section <c>Accounts</c> of the settings.</summary>
public sealed class AccountOptions
{
    [EnumDataType(typeof(RegistrationMode))]
    public RegistrationMode Registration { get; set; } = RegistrationMode.Invitation;

    /// <summary>How often one address may try to sign in, register or set up within a minute.</summary>
    [Range(1, 1_000_000)]
    public int AttemptsPerMinute { get; set; } = 20;

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
