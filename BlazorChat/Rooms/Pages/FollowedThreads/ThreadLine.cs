using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Markup;
using BlazorChat.Rooms.Mentions;
using BlazorChat.Rooms.Threads;

namespace BlazorChat.Rooms.Pages.FollowedThreads;

/// <summary>A thread that the reader follows, as their list shows it.</summary>
/// <param name="Id">With <paramref name="LastReplyAt"/>, its position in the list.</param>
/// <param name="Root">The sequence of the first message.</param>
/// <param name="Newest">The key of the newest reply in its room.</param>
/// <param name="Address">The address of the first unread reply, or of the newest one.</param>
/// <param name="Text">The beginning of the first message, without formatting.</param>
/// <param name="Reply">The beginning of the newest reply.</param>
public sealed record ThreadLine(
    long Id,
    int RoomId,
    long Root,
    long Newest,
    string Address,
    string Room,
    RoomKind RoomKind,
    string Text,
    string Author,
    string Reply,
    DateTime LastReplyAt,
    long Unread)
{
    /// <summary>UTF-16 code units of a message.</summary>
    private const int MaxText = 160;

    internal static ThreadLine Of(FollowedThread thread)
    {
        var (root, newest) = (thread.Root, thread.Newest);
        var last = newest.ReplyNumber!.Value;
        return new ThreadLine(
            thread.Id,
            root.RoomId,
            root.Sequence,
            newest.Sequence,
            MessageView.AddressOf(root.RoomId, sequence: 0, root.Sequence, thread.Unread > 0 ? last - thread.Unread + 1 : last),
            thread.RoomName,
            thread.RoomKind,
            Describe(root),
            newest.AuthorName,
            Describe(newest),
            newest.Thread!.LastReplyAt,
            thread.Unread);
    }

    private static string Describe(MessageView message) =>
        message.DeletedAt is not null ? RoomTexts.Get("MessageDeleted").ToString()
        : HtmlText.Read(MentionHtml.Show(message), MaxText) is { Length: > 0 } text ? text
        : RoomTexts.Get("SentFile").ToString();
}
