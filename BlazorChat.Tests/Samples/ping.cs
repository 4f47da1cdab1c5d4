#:package Microsoft.AspNetCore.SignalR.Client@10.0.15
#:property PublishAot=false
using System.Net;
using Microsoft.AspNetCore.SignalR.Client;

var (site, room, key) = (args[0], int.Parse(args[1]), Environment.GetEnvironmentVariable("KEY"));
await using var hub = new HubConnectionBuilder()
    .WithUrl($"{site}/hubs/chat", connection => connection.AccessTokenProvider = () => Task.FromResult(key))
    .Build();
for (long? revision = null; ; await Task.Delay(1000))
    try
    {
        if (hub.State == HubConnectionState.Disconnected)
            await hub.StartAsync();
        await foreach (var change in hub.StreamAsync<Change>("Follow", room, revision))
        {
            if (change is { Type: "chat.message.created", Message: "!ping" })
                await hub.InvokeAsync("Send", room, change.ClientMessageId, "pong");
            revision = change.Revision;
        }
    }
    catch (Exception problem) when (problem is not HttpRequestException { StatusCode: HttpStatusCode.Unauthorized })
    {
        Console.Error.WriteLine($"{problem.Message} Retrying from the last change.");
    }

record Change(string Type, long Revision, Guid ClientMessageId, string Message);
