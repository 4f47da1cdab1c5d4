using Microsoft.JSInterop;

namespace BlazorChat.MicroBenchmarks.Rooms;

/// <summary>Where a browser would be: its modules are there, and do nothing.</summary>
internal sealed class NoBrowser : IJSRuntime, IJSObjectReference
{
    public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) =>
        ValueTask.FromResult(this is TValue module ? module : default!);

    public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) =>
        InvokeAsync<TValue>(identifier, args);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
