using BlazorChat.Channels.Workers;
using BlazorChat.Rooms.Links;

namespace BlazorChat.Rooms.Previews;

/// <summary>Looks up links, in the app's process or in one of its own.</summary>
internal sealed class PreviewConsumer(LinkDispatcher dispatcher) : WorkerConsumer<PreviewWanted>
{
    /// <summary>The most steps of one job; what is left is still due.</summary>
    private const int MaxSteps = 16;

    public override async ValueTask HandleAsync(PreviewWanted job, CancellationToken cancellationToken)
    {
        for (var step = 0; step < MaxSteps && await dispatcher.DispatchAsync(cancellationToken); step++)
        {
        }
    }
}
