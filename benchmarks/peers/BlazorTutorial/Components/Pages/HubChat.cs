using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.SignalR.Client;

namespace BlazorTutorial.Components.Pages;

/// <summary>Each circuit has a connection to the hub.</summary>
[Route("/hub")]
public sealed class HubChat : Chat, IAsyncDisposable
{
    private HubConnection? _connection;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    protected override bool IsConnected => _connection?.State == HubConnectionState.Connected;

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
    }

    protected override async Task OnInitializedAsync()
    {
        _connection = new HubConnectionBuilder()
            .WithUrl(Navigation.ToAbsoluteUri("/chathub"))
            .Build();
        _connection.On<Message>("ReceiveMessage", Receive);
        await _connection.StartAsync();
    }

    protected override Task SendAsync(string text) => _connection!.SendAsync("SendMessage", Author, text);
}
