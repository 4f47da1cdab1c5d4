using System.ComponentModel.DataAnnotations;
using BlazorChat.Common.Net;

namespace BlazorChat.Rooms.Links;

/// <summary>The section <c>LinkPreviews</c> of the settings.</summary>
internal sealed class LinkPreviewOptions : IValidatableObject
{
    /// <summary>Whether the server looks up the links of new messages.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Seconds for a page and its picture, with all redirects.</summary>
    [Range(0.1, 60)]
    public double Timeout { get; set; } = 5;

    /// <summary>How the server names itself to other sites; empty for the name of the app and <c>Shell:PublicUrl</c>.</summary>
    [StringLength(200)]
    public string UserAgent { get; set; } = "";

    /// <summary>The most lookups that the messages of one person begin in a minute; further ones wait.</summary>
    [Range(1, 10_000)]
    public int PerPersonAndMinute { get; set; } = 20;

    /// <summary>Bytes for the pictures of previews in all; beyond them, new previews have no picture. Each pixel of a picture counts as a byte.</summary>
    [Range(0, long.MaxValue)]
    public long MaxPictureBytes { get; set; } = 1L << 30;

    /// <summary>Hosts that are looked up although they are not at the default port of a public address, as in <c>wiki.example.org:8443</c>.</summary>
    public IReadOnlyList<string> AllowedHosts { get; set; } = [];

    internal IEnumerable<(string Host, int Port)> ParseAllowedHosts() => AllowedHosts.Select(entry => PublicHosts.Parse(entry)!.Value);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var entry in AllowedHosts.Where(entry => PublicHosts.Parse(entry) is null))
            yield return new ValidationResult($"LinkPreviews:AllowedHosts: '{entry}' is not a host and a port, as in wiki.example.org:8443.", [nameof(AllowedHosts)]);
        if (UserAgent.Any(character => character is < ' ' or > '~'))
            yield return new ValidationResult("LinkPreviews:UserAgent has characters that a header cannot have.", [nameof(UserAgent)]);
    }
}
