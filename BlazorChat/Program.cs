using BlazorChat.Accounts;
using BlazorChat.Admin;
using BlazorChat.Attachments;
using BlazorChat.Channels;
using BlazorChat.Channels.Workers;
using BlazorChat.Data;
using BlazorChat.Demo;
using BlazorChat.Feeds;
using BlazorChat.Liveblogs;
using BlazorChat.Notifications;
using BlazorChat.Rooms;
using BlazorChat.Shell;

args = DemoServices.ExpandDemo(args);
var builder = WebApplication.CreateBuilder(args);
if (!builder.TryUseDemo(args))
    return 2;

builder.AddData();
builder.AddChannels();
builder.AddFeeds();
builder.AddAccounts();
builder.AddAttachments();
builder.AddRooms();
builder.AddNotifications();
builder.AddLiveblogs();
builder.AddAdmin();
builder.AddShell();
if (!builder.TryAddWorkerHost(args))
    return 2;
builder.AddDemo();

var app = builder.Build();

if (!await app.TryMigrateDatabaseAsync() || !await app.TryCheckRedisAsync())
    return 1;

app.UseShell();
app.UseAccounts();
app.UsePages();
app.UseChannels();
app.UseLiveblogs();
app.MapAccounts();
app.MapChannels();
app.MapAttachments();
app.MapRooms();
app.MapNotifications();
app.MapLiveblogs();
app.MapAdmin();
app.MapDemo();
app.MapShell();

await app.RunAsync();
return 0;
