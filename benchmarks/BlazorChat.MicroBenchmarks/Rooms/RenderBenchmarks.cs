using BlazorChat.Common.Localization;
using BlazorChat.Rooms.Pages.Rows;
using BlazorChat.Rooms.Previews;
using BlazorChat.Rooms.Quotes;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.JSInterop;

namespace BlazorChat.MicroBenchmarks.Rooms;

/// <summary>The services of a room's components, and a renderer.</summary>
public abstract class RenderBenchmarks
{
    private ServiceProvider _services = default!;

    private protected RenderedRows Rows => _services.GetRequiredService<RenderedRows>();

    private protected BareRenderer Renderer { get; private set; } = default!;

    private protected void StartRenderer()
    {
        // Nobody reacts while rows are rendered, and no row has a link.
        var choices = new RowChoices(null!, null!, null!, null!, null!, null!, NullLogger<RowChoices>.Instance);
        _services = new ServiceCollection()
            .AddSingleton<IJSRuntime, NoBrowser>()
            .AddSingleton<ReaderTimeZone>()
            .AddSingleton<RenderedRows>()
            .AddSingleton(choices)
            .AddSingleton(new QuotedMessages(null!))
            .AddSingleton(new MessagePreviews(null!, null!, null!, null!, null!))
            .AddSingleton(new QuoteLinks(new ConfigurationBuilder().Build()))
            .AddSingleton<NavigationManager, NoNavigation>()
            .AddLogging()
            .AddLocalization()
            .BuildServiceProvider();
        Renderer = new BareRenderer(_services, NullLoggerFactory.Instance);
    }

    private sealed class NoNavigation : NavigationManager
    {
        public NoNavigation() => Initialize("http://localhost/", "http://localhost/");
    }

    private protected async Task StopRendererAsync()
    {
        await Renderer.DisposeAsync();
        await _services.DisposeAsync();
    }
}
