using BlazorChat.Common.Components;
using Bunit;
using Microsoft.JSInterop;

namespace BlazorChat.Tests.Common.Components;

public sealed class ComponentScriptTests : BunitContext
{
    private const string Module = "Pane";

    [Fact]
    public async Task E3_A_script_answers_when_it_is_detached()
    {
        var script = await AttachAsync(attached => attached.Setup<long>("detach").SetResult(7));

        Assert.Equal(7, await script.DetachAsync<long>());
        Assert.False(script.IsAttached);
        Assert.Equal(0, await script.DetachAsync<long>());
    }

    [Fact]
    public async Task E3_A_script_whose_tab_was_closed_ends_quietly()
    {
        var cancelled = await AttachAsync(attached => attached.Setup<long>("detach").SetCanceled());
        Assert.Equal(0, await cancelled.DetachAsync<long>());

        var disconnected = await AttachAsync(attached => attached.Setup<long>("detach").SetException(new JSDisconnectedException("gone")));
        Assert.Equal(0, await disconnected.DetachAsync<long>());
    }

    [Fact]
    public async Task E3_A_script_of_a_component_that_is_gone_already_is_detached_at_once()
    {
        using var closed = new CancellationTokenSource();
        var attached = JSInterop.SetupModule(call => call.Identifier == $"scripts.{Module}.attach");
        attached.Setup<object>("detach").SetResult(new object());
        var script = new ComponentScript(new CancellingRuntime(JSInterop.JSRuntime, closed));

        await script.AttachAsync(Module, closed.Token);

        Assert.False(script.IsAttached);
        attached.VerifyInvoke("detach");
    }

    [Fact]
    public async Task E3_A_call_that_is_never_answered_ends_with_its_component()
    {
        using var closed = new CancellationTokenSource();
        var script = new ComponentScript(new SilentBrowser());
        await script.AttachAsync(Module, default);
        var call = script.CallAsync("show", closed.Token);
        Assert.False(call.IsCompleted);

        await closed.CancelAsync();

        await call;
    }

    private async Task<ComponentScript> AttachAsync(Action<BunitJSModuleInterop> setUp)
    {
        var module = $"Pane{Guid.NewGuid():N}";
        setUp(JSInterop.SetupModule(call => call.Identifier == $"scripts.{module}.attach"));
        var script = new ComponentScript(JSInterop.JSRuntime);
        await script.AttachAsync(module, default);
        Assert.True(script.IsAttached);
        return script;
    }

    /// <summary>A module and what it attaches, which answers no call.</summary>
    private sealed class SilentBrowser : IJSRuntime, IJSObjectReference
    {
        public ValueTask<TValue> InvokeAsync<[System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembers(CancellingRuntime.JsonTypes)] TValue>(string identifier, object?[]? args) =>
            InvokeAsync<TValue>(identifier, default, args);

        public async ValueTask<TValue> InvokeAsync<[System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembers(CancellingRuntime.JsonTypes)] TValue>(
            string identifier, CancellationToken cancellationToken, object?[]? args)
        {
            if (this is TValue itself)
                return itself;
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return default!;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>The component is gone as soon as its module is there.</summary>
    private sealed class CancellingRuntime(IJSRuntime inner, CancellationTokenSource closed) : IJSRuntime
    {
        public ValueTask<TValue> InvokeAsync<[System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembers(JsonTypes)] TValue>(string identifier, object?[]? args) =>
            InvokeAsync<TValue>(identifier, default, args);

        public async ValueTask<TValue> InvokeAsync<[System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembers(JsonTypes)] TValue>(
            string identifier, CancellationToken cancellationToken, object?[]? args)
        {
            var value = await inner.InvokeAsync<TValue>(identifier, default, args);
            await closed.CancelAsync();
            return value;
        }

        public const System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes JsonTypes =
            System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes.PublicConstructors
            | System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes.PublicFields
            | System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes.PublicProperties;
    }
}
