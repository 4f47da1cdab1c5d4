using System.Security.Claims;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Workers.Queue;

namespace BlazorChat.Channels.Workers;

/// <summary>Executes one job with a new consumer in a new scope of services.</summary>
internal sealed class JobRunner(IServiceScopeFactory scopes, EventRegistry events)
{
    public async Task RunAsync(WorkerChannel channel, Job job, CancellationToken cancellationToken)
    {
        var type = events.Find(job.EventName)
            ?? throw new InvalidOperationException($"The event '{job.EventName}' is unknown here: a newer node may have sent it.");
        var message = type.Decode(job.Body.Span) ?? throw new FormatException("The event is null.");
        await using var services = scopes.CreateAsyncScope();
        var consumer = (WorkerConsumer)ActivatorUtilities.CreateInstance(services.ServiceProvider, channel.Consumer);
        consumer.Scope = new ConsumerScope
        {
            Protocol = "worker",
            Path = channel.Name,
            User = new ClaimsPrincipal(new ClaimsIdentity()),
            Services = services.ServiceProvider,
        };
        try
        {
            await consumer.HandleJobAsync(message, cancellationToken);
        }
        finally
        {
            if (consumer is IAsyncDisposable asyncDisposable)
                await asyncDisposable.DisposeAsync();
            else
                (consumer as IDisposable)?.Dispose();
        }
    }
}
