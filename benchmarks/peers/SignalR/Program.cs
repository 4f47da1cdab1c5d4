// A chat as SignalR's documentation writes it: a hub, a group, and the Redis backplane when there is a Redis. It stores nothing.
using Microsoft.AspNetCore.SignalR;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
var signalR = builder.Services.AddSignalR();
if (builder.Configuration.GetConnectionString("Redis") is { Length: > 0 } redis)
    signalR.AddStackExchangeRedis(redis);
var app = builder.Build();
app.MapHub<ChatHub>("/chat");
await app.RunAsync();

internal sealed class ChatHub : Hub
{
    private const string Room = "room";

    public override Task OnConnectedAsync() => Groups.AddToGroupAsync(Context.ConnectionId, Room);

    public Task Send(string message) => Clients.Group(Room).SendAsync("Message", message);

    public Task Echo(string message) => Clients.Caller.SendAsync("Message", message);
}
