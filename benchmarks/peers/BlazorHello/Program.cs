// The floor: what a circuit costs that shows nothing. It is what `dotnet new blazor --interactivity Server --empty` makes, less its https, error pages and css.
using BlazorHello.Components;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
builder.WebHost.UseStaticWebAssets(); // It runs from its build, in Production.
builder.Services.AddRazorComponents()
    .AddInteractiveServerComponents();

var app = builder.Build();
app.UseAntiforgery();
app.MapStaticAssets();
app.MapRazorComponents<App>()
    .AddInteractiveServerRenderMode(options => options.DisableWebSocketCompression = !app.Configuration.GetValue("Compression", true));
await app.RunAsync();
