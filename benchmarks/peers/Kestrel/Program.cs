// The lower bound: the cost of a broadcast on Kestrel without guarantees. It stores nothing, authenticates nobody, and waits for its slowest reader.
using System.Net.WebSockets;
using System.Text;
using Kestrel;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
builder.Services.AddSingleton<StreamBroadcast>();
builder.Services.AddSingleton<SocketBroadcast>();
var app = builder.Build();
app.UseWebSockets();

app.MapGet("/events", (HttpContext context, StreamBroadcast broadcast) => broadcast.FollowAsync(context));
app.MapPost("/events", async (HttpContext context, StreamBroadcast broadcast) =>
{
    using var body = new StreamReader(context.Request.Body, Encoding.UTF8);
    await broadcast.PublishAsync(await body.ReadToEndAsync());
});

app.MapGet("/ws", (HttpContext context, SocketBroadcast broadcast) => broadcast.ServeAsync(context));
app.MapGet("/echo", async context =>
{
    using var socket = await context.WebSockets.AcceptWebSocketAsync();
    var buffer = new byte[4096];
    while (await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } part)
        await socket.SendAsync(buffer.AsMemory(0, part.Count), part.MessageType, part.EndOfMessage, context.RequestAborted);
});

await app.RunAsync();
