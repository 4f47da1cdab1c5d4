using System.Buffers;

namespace BlazorChat.Channels.Layer;

internal static class GroupName
{
    public const int MaxLength = 100;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_");

    /// <exception cref="GroupNameException">The name is no group name.</exception>
    public static void Check(string name)
    {
        if (name is null or { Length: 0 or > MaxLength } || name.AsSpan().ContainsAnyExcept(Allowed))
            throw new GroupNameException(name);
    }
}

/// <summary>A group's name has other characters than letters, digits, '.', '-', '_', or not 1 to 100 of them.</summary>
public sealed class GroupNameException(string? name)
    : ArgumentException($"'{name}' is no group name: use 1 to {GroupName.MaxLength} letters, digits, '.', '-' or '_'.");

/// <summary>An event is longer than the layer carries.</summary>
public sealed class EventTooLargeException(string eventName, int length)
    : ArgumentException($"The event {eventName} is {length:N0} bytes long; the layer carries at most {ChannelLayer.MaxEventLength:N0}.");
