namespace BlazorChat.Channels.Layer;

/// <summary>Declares that a consumer takes events of one type. Only what is declared can be reached from other nodes.</summary>
public interface IHandle<in TEvent>
{
    /// <summary>Called for one event at a time, in the order of each publisher.</summary>
    /// <param name="cancellationToken">Cancelled when the consumer disconnects.</param>
    ValueTask HandleAsync(TEvent message, CancellationToken cancellationToken);
}
