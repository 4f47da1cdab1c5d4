using System.Threading.Channels;
using Bunit;

namespace BlazorChat.Tests.Support.Components;

/// <summary>
/// The calls of scripts that a component makes, to be waited for: bUnit's own waits look again only when something renders, and a call
/// renders nothing. <see cref="Note"/> is handed to bUnit as a matcher, which it asks about every call.
/// </summary>
internal sealed class ScriptCalls
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly Channel<JSRuntimeInvocation> _calls = Channel.CreateUnbounded<JSRuntimeInvocation>();

    /// <returns>Always false: bUnit answers as it would without this.</returns>
    public bool Note(JSRuntimeInvocation call)
    {
        _calls.Writer.TryWrite(call);
        return false;
    }

    /// <summary>Takes calls in their order, up to the first one that this is about.</summary>
    /// <exception cref="OperationCanceledException">There was none within 20 seconds.</exception>
    public async Task<JSRuntimeInvocation> WaitForAsync(string identifier, Func<JSRuntimeInvocation, bool>? which = null)
    {
        using var timeout = new CancellationTokenSource(Timeout);
        while (true)
        {
            var call = await _calls.Reader.ReadAsync(timeout.Token);
            if (call.Identifier == identifier && which?.Invoke(call) != false)
                return call;
        }
    }
}
