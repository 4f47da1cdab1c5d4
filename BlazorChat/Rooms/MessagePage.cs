using System.ComponentModel;

namespace BlazorChat.Rooms;

/// <summary>A run of messages, and the room's revision up to which it was complete.</summary>
[ImmutableObject(true)]
public sealed record MessagePage(IReadOnlyList<MessageView> Messages, long Revision)
{
    /// <summary>The page's state travels to the circuit in one hub message, which has a limit.</summary>
    internal static bool FitsInPageState(MessagePage page) => page.Messages.Sum(LengthOf) <= 48 * 1024;

    private static long LengthOf(MessageView message) =>
        message.Markdown.Length + message.Html.Length + 400 + message.Attachments.Sum(file => file.Name.Length + file.Preview.Length + 250);
}
