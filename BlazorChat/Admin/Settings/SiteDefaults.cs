using BlazorChat.Accounts;
using BlazorChat.Attachments;
using BlazorChat.Common.Sites;
using BlazorChat.Rooms.Links;
using Microsoft.Extensions.Options;

namespace BlazorChat.Admin.Settings;

/// <summary>What the configuration sets where no admin has: the defaults, and the most that an admin may allow.</summary>
internal sealed class SiteDefaults(IOptions<AccountOptions> accounts, IOptions<AttachmentOptions> attachments, IOptions<LinkPreviewOptions> links)
{
    public const long Megabyte = 1024 * 1024;

    /// <summary>Only the configuration can allow the server to connect to other sites.</summary>
    public bool LinkPreviews => links.Value.Enabled;

    public int MaxUploadMegabytes => (int)Math.Max(1, attachments.Value.MaxSize / Megabyte);

    public RegistrationMode RegistrationOf(SiteRules rules) => accounts.Value.RegistrationOf(rules);

    public bool LinkPreviewsOf(SiteRules rules) => LinkPreviews && rules.LinkPreviews != false;

    public int MaxUploadMegabytesOf(SiteRules rules) => (int)Math.Max(1, attachments.Value.MaxSizeOf(rules) / Megabyte);
}
