using System.ComponentModel;

namespace BlazorChat.Rooms;

/// <summary>A run of messages, and the room's revision up to which it was complete.</summary>
[ImmutableObject(true)]
public sealed record MessagePage(IReadOnlyList<MessageView> Messages, long Revision)
{
    /// <summary>The page's state travels to the circuit in one hub message, which has a limit.</summary>
    internal static bool FitsInPageState(MessagePage page) => page.Messages.Sum(message => (long)message.Markdown.Length + message.Html.Length + 300) <= 48 * 1024;
}
