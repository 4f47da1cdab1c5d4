namespace BlazorChat.Tests.Rooms.Previews;

/// <summary>A site that looks up the pages of another one.</summary>
public sealed class PreviewSite : TestSite
{
    public WebPages Pages { get; private set; } = default!;

    protected override string[] Settings => Pages.Settings;

    public override async ValueTask InitializeAsync()
    {
        Pages = await WebPages.StartAsync();
        Pages.AddHtml("/news", "<title>News</title><meta name=description content=Today><meta property=og:image content=/p.png>");
        Pages.AddHtml("/more", "<title>More</title>");
        Pages.Add("/p.png", TestPictures.Png(64, 48), "image/png");
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Pages.DisposeAsync();
    }
}
