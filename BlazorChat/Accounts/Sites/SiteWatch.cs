using BlazorChat.Channels;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Common.Sites;

namespace BlazorChat.Accounts.Sites;

/// <summary>Keeps <see cref="CurrentSite"/> equal to the database: read before the node serves, after each event, and after lost ones.</summary>
internal sealed class SiteWatch(
    SiteReader reader, CurrentSite site, NodeConnector consumers, IChannelLayer layer, TimeProvider time, ILogger<SiteWatch> logger)
    : ResyncService(layer, time, logger)
{
    /// <summary>It bounds the harm of an event that a node did not publish before it failed.</summary>
    protected override TimeSpan ConnectedInterval => TimeSpan.FromSeconds(30);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await reader.ReadAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            ChannelLog.ResyncFailed(logger, exception);
            RequestResync();
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var consumer = new SiteConsumer(OnChanged, RequestResync);
        await consumers.ConnectAsync(consumer, stoppingToken);
        await base.ExecuteAsync(stoppingToken);
    }

    protected override Task ResyncAsync(CancellationToken cancellationToken) => reader.ReadAsync(cancellationToken);

    private void OnChanged(SiteChanged change)
    {
        if (change.Version > site.View.Version)
            RequestResync();
    }
}

/// <summary>Receives the changes of the site on a node.</summary>
internal sealed class SiteConsumer(Action<SiteChanged> changed, Action gap) : NodeConsumer(gap), IHandle<SiteChanged>
{
    protected override IEnumerable<string> Groups => [SiteGroups.All];

    public ValueTask HandleAsync(SiteChanged message, CancellationToken cancellationToken)
    {
        changed(message);
        return ValueTask.CompletedTask;
    }
}
