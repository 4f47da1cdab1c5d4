using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace BlazorChat.Shell.Circuits;

/// <summary>
/// The protocol of circuits, which also logs the size of a message that its hub refuses as too long: the hub ends the connection, and its page
/// never becomes interactive, without a line in the log.
/// </summary>
internal sealed partial class CircuitProtocol(IHubProtocol inner, long maxMessage, ILogger logger) : IHubProtocol
{
    /// <summary>Bytes of the length before a message: groups of seven bits, the lowest first (the hub protocol's framing of MessagePack).</summary>
    private const int MaxPrefix = 5;

    public string Name => inner.Name;

    public int Version => inner.Version;

    public TransferFormat TransferFormat => inner.TransferFormat;

    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        if (inner.TryParseMessage(ref input, binder, out message))
            return true;
        // The hub shows at most this much of what has arrived, and gives up when that holds no whole message.
        if (input.Length >= maxMessage)
            LogTooLong(logger, ReadLength(input), maxMessage);
        return false;
    }

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => inner.WriteMessage(message, output);

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => inner.GetMessageBytes(message);

    public bool IsVersionSupported(int version) => inner.IsVersionSupported(version);

    private static long ReadLength(ReadOnlySequence<byte> input)
    {
        Span<byte> prefix = stackalloc byte[MaxPrefix];
        input.Slice(0, MaxPrefix).CopyTo(prefix);
        var length = 0L;
        for (var i = 0; i < prefix.Length; i++)
        {
            length |= (long)(prefix[i] & 0x7f) << (7 * i);
            if (prefix[i] < 0x80)
                break;
        }

        return length;
    }

    [LoggerMessage(1, LogLevel.Error, "A circuit's message of {Length} bytes was refused: at most {MaxLength} are accepted. Its page does not become interactive, or ends")]
    private static partial void LogTooLong(ILogger logger, long length, long maxLength);
}

internal static class CircuitProtocolServices
{
    private const string BlazorProtocol = "BlazorPackHubProtocol";

    /// <summary>Call after the circuits were added.</summary>
    public static void LogTooLongMessages(this IServiceCollection services, long maxMessage)
    {
        var known = services.Single(service => service.ServiceType == typeof(IHubProtocol) && service.ImplementationType?.Name == BlazorProtocol);
        services.Remove(known);
        services.AddSingleton<IHubProtocol>(provider => new CircuitProtocol(
            (IHubProtocol)ActivatorUtilities.CreateInstance(provider, known.ImplementationType!),
            maxMessage,
            provider.GetRequiredService<ILogger<CircuitProtocol>>()));
    }
}
