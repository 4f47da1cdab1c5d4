using System.Threading.Channels;
using Bunit;

namespace BlazorChat.Tests.Support.Components;

/// <summary>
/// Records the script calls of a component, so that a test can await them: bUnit's waits check again only after a render, and a call renders
/// nothing. Pass <see cref="Note"/> to bUnit as a matcher, which it calls for every call of a script.
/// </summary>
internal sealed class ScriptCalls
{
    private readonly Channel<JSRuntimeInvocation> _calls = Channel.CreateUnbounded<JSRuntimeInvocation>();

    /// <summary>Records a call.</summary>
    /// <returns>Always false, so that bUnit handles the call as without this.</returns>
    public bool Note(JSRuntimeInvocation call)
    {
        _calls.Writer.TryWrite(call);
        return false;
    }

    /// <summary>Reads the recorded calls in their order, and waits for the first one that matches.</summary>
    /// <param name="identifier">The name of the function.</param>
    /// <param name="which">A further condition; null for none.</param>
    /// <exception cref="OperationCanceledException">No call matched within <see cref="TestWait.Limit"/>.</exception>
    public async Task<JSRuntimeInvocation> WaitForAsync(string identifier, Func<JSRuntimeInvocation, bool>? which = null)
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        while (true)
        {
            var call = await _calls.Reader.ReadAsync(timeout.Token);
            if (call.Identifier == identifier && which?.Invoke(call) != false)
                return call;
        }
    }
}
