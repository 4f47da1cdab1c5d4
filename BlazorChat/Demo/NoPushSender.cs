using BlazorChat.Notifications.Push;

namespace BlazorChat.Demo;

/// <summary>Sends nothing: no browser outside learns of a demo.</summary>
internal sealed class NoPushSender : IPushSender
{
    public Task<PushResult> SendAsync(PushTarget target, PushMessage message, CancellationToken cancellationToken) =>
        Task.FromResult(new PushResult(PushOutcome.Refused, Reason: "this is a demo"));
}
