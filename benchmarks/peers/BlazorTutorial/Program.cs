// A chat as tutorials of Blazor Server write it with MudBlazor, in two ways. At /hub each circuit is a client of the app's own hub: Microsoft's tutorial "Use ASP.NET Core
// SignalR with Blazor". At /service a singleton has an event: Blazor University, "Singleton dependencies". The layout is that of MudBlazor's template with global
// interactivity; the rows are those of Mukesh Murugan's "Realtime Chat Application with Blazor WebAssembly, SignalR and MudBlazor".
using BlazorTutorial;
using BlazorTutorial.Components;
using Microsoft.AspNetCore.SignalR;
using MudBlazor.Services;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
builder.WebHost.UseStaticWebAssets(); // It runs from its build, in Production.
builder.Services.AddMudServices();
builder.Services.AddRazorComponents()
    .AddInteractiveServerComponents();
builder.Services.AddSignalR();
builder.Services.AddSingleton<ChatService>();

var app = builder.Build();
app.UseAntiforgery();
app.MapStaticAssets();
app.MapRazorComponents<App>()
    .AddInteractiveServerRenderMode(options => options.DisableWebSocketCompression = !app.Configuration.GetValue("Compression", true));
app.MapHub<ChatHub>("/chathub");

// How the load speaks: to both pages, and only those that are open cost anything.
app.MapPost("/send", async (HttpContext context, ChatService chat, IHubContext<ChatHub> hub) =>
{
    using var body = new StreamReader(context.Request.Body);
    var message = chat.Send("Somebody", await body.ReadToEndAsync());
    await hub.Clients.All.SendAsync("ReceiveMessage", message);
    return TypedResults.NoContent();
});

await app.RunAsync();
