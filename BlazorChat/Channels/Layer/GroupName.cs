using System.Buffers;

namespace BlazorChat.Channels.Layer;

/// <summary>The rule for names of groups and channels: 1 to 100 of <c>A-Z a-z 0-9 . - _</c>, the characters of Django Channels.</summary>
internal static class GroupName
{
    public const int MaxLength = 100;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_");

    /// <exception cref="GroupNameException">The name is null or breaks the rule.</exception>
    public static void Check(string name)
    {
        if (name is null or { Length: 0 or > MaxLength } || name.AsSpan().ContainsAnyExcept(Allowed))
            throw new GroupNameException(name);
    }
}

/// <summary>A name of a group or channel is not 1 to 100 of <c>A-Z a-z 0-9 . - _</c>.</summary>
public sealed class GroupNameException(string? name)
    : ArgumentException($"'{name}' is no group name: use 1 to {GroupName.MaxLength} letters, digits, '.', '-' or '_'.");

/// <summary>An encoded event is longer than 1 MiB, the most that the layer carries. Nobody has received it.</summary>
public sealed class EventTooLargeException(string eventName, int length)
    : ArgumentException($"The event {eventName} is {length:N0} bytes long; the layer carries at most {ChannelLayer.MaxEventLength:N0}.");
