using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.RenderTree;

namespace BlazorChat.MicroBenchmarks.Rooms;

/// <summary>Renders and compares as Blazor does, and discards the result, which a circuit would encode and send.</summary>
internal sealed class BareRenderer(IServiceProvider services, ILoggerFactory loggers) : Renderer(services, loggers)
{
    public override Dispatcher Dispatcher { get; } = Dispatcher.CreateDefault();

    /// <summary>Renders a component for the first time; its number.</summary>
    public Task<int> AddAsync<TComponent>(ParameterView parameters)
        where TComponent : IComponent => Dispatcher.InvokeAsync(async () =>
    {
        var id = AssignRootComponentId(InstantiateComponent(typeof(TComponent)));
        await RenderRootComponentAsync(id, parameters);
        return id;
    });

    public Task UpdateAsync(int id, ParameterView parameters) => Dispatcher.InvokeAsync(() => RenderRootComponentAsync(id, parameters));

    public Task RemoveAsync(int id) => Dispatcher.InvokeAsync(() => RemoveRootComponent(id));

    protected override void HandleException(Exception exception) => throw new InvalidOperationException("A component failed.", exception);

    protected override Task UpdateDisplayAsync(in RenderBatch renderBatch) => Task.CompletedTask;
}
