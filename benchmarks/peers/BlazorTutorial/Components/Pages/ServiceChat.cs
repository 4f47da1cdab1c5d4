using Microsoft.AspNetCore.Components;

namespace BlazorTutorial.Components.Pages;

/// <summary>Each circuit listens to the service's event.</summary>
[Route("/service")]
public sealed class ServiceChat : Chat, IDisposable
{
    public void Dispose() => Service.MessageReceived -= Receive;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Service.MessageReceived += Receive;
    }

    protected override Task SendAsync(string text)
    {
        Service.Send(Author, text);
        return Task.CompletedTask;
    }
}
