using BlazorChat.Accounts;
using BlazorChat.Channels;
using BlazorChat.Data;
using BlazorChat.Rooms;
using BlazorChat.Shell;

var builder = WebApplication.CreateBuilder(args);

builder.AddData();
builder.AddChannels();
builder.AddAccounts();
builder.AddRooms();
builder.AddShell();

var app = builder.Build();

await app.MigrateDatabaseAsync();

app.UseShell();
app.UseAccounts();
app.MapAccounts();
app.MapShell();

await app.RunAsync();
