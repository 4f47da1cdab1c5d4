// The floor: what a broadcast costs when Kestrel does it and nothing is promised. It keeps nothing, knows nobody, and waits for its slowest reader.
using System.Text;
using Kestrel;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
builder.Services.AddSingleton<StreamBroadcast>();
var app = builder.Build();

app.MapGet("/events", (HttpContext context, StreamBroadcast broadcast) => broadcast.FollowAsync(context));
app.MapPost("/events", async (HttpContext context, StreamBroadcast broadcast) =>
{
    using var body = new StreamReader(context.Request.Body, Encoding.UTF8);
    await broadcast.PublishAsync(await body.ReadToEndAsync());
});

await app.RunAsync();
