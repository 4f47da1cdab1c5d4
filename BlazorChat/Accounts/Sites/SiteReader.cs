using BlazorChat.Channels.Layer;
using BlazorChat.Common.Sites;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Accounts.Sites;

/// <summary>Reads the settings of the site into <see cref="CurrentSite"/>, and has the other nodes do so.</summary>
internal sealed class SiteReader(IDbContextFactory<ChatDbContext> databases, CurrentSite site, IChannelLayer layer)
{
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.SiteSettings.AsNoTracking().SingleOrDefaultAsync(row => row.Id == SiteSettings.OnlyId, cancellationToken) is { } stored)
        {
            site.Set(new SiteView(stored.Version, stored.Name, stored.WelcomeText, stored.Accent, stored.LogoId)
            {
                Rules = new SiteRules(stored.Registration, stored.OnlyAdminsCreateRooms, stored.LinkPreviews, stored.MaxUploadSize),
            });
        }
    }

    /// <summary>Call it after the commit of a change.</summary>
    public async Task PublishChangeAsync()
    {
        await ReadAsync(CancellationToken.None);
        await layer.PublishAsync(SiteGroups.All, new SiteChanged(site.View.Version), CancellationToken.None);
    }
}
