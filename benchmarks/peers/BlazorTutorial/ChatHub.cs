using Microsoft.AspNetCore.SignalR;

namespace BlazorTutorial;

public sealed class ChatHub(ChatService chat) : Hub
{
    public Task SendMessage(string user, string text) => Clients.All.SendAsync("ReceiveMessage", chat.Send(user, text));
}
