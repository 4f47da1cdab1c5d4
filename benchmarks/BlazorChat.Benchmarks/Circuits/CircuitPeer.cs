using BlazorChat.Benchmarks.Servers;

namespace BlazorChat.Benchmarks.Circuits;

/// <summary>A page of Blazor Server that many people have open at one node.</summary>
internal abstract class CircuitPeer(string name) : IAsyncDisposable
{
    public string Name => name;

    public abstract ServerProcess Server { get; }

    /// <summary>Address of the page.</summary>
    public abstract string Path { get; }

    /// <summary>Whether a message can be sent that all circuits show.</summary>
    public virtual bool IsChat => true;

    /// <summary>Whether it is another one with a setting changed, which need not be measured everywhere.</summary>
    public virtual bool IsVariant => false;

    /// <summary>A browser of its own, signed in if the peer requires it.</summary>
    public abstract Task<FormClient> NewBrowserAsync();

    public abstract Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Sends a message, and returns when the server has accepted it.</summary>
    public abstract Task SendMessageAsync(string message, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
