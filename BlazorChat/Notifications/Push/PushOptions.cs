using System.ComponentModel.DataAnnotations;
using BlazorChat.Common.Net;

namespace BlazorChat.Notifications.Push;

/// <summary>The section <c>Notifications</c> of the settings.</summary>
internal sealed class PushOptions : IValidatableObject
{
    /// <summary>
    /// Push services that browsers may name although they are not at port 443 of a public address, as in <c>push.example.org:8443</c>.
    /// </summary>
    public IReadOnlyList<string> AllowedPushHosts { get; set; } = [];

    internal IEnumerable<(string Host, int Port)> ParseAllowedHosts() => AllowedPushHosts.Select(entry => PublicHosts.Parse(entry)!.Value);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var entry in AllowedPushHosts.Where(entry => PublicHosts.Parse(entry) is null))
        {
            yield return new ValidationResult(
                $"Notifications:AllowedPushHosts: '{entry}' is not a host and a port, as in push.example.org:8443.", [nameof(AllowedPushHosts)]);
        }
    }
}
