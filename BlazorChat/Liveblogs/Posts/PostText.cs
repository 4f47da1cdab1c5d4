using BlazorChat.Common;

namespace BlazorChat.Liveblogs.Posts;

/// <summary>What an editor writes of a post.</summary>
/// <param name="Title">The headline; empty for none.</param>
public sealed record PostText(string Title, string Markdown, bool IsKeyEvent = false)
{
    /// <summary>The headline as it is kept when it is published.</summary>
    /// <exception cref="RefusedException">Empty, too long, with characters that cannot be kept; or a key event without a headline.</exception>
    internal string Check()
    {
        LiveblogText.CheckPost(Markdown);
        var title = LiveblogText.CleanHeadline(Title);
        if (IsKeyEvent)
            LiveblogText.CheckKeyEvent(title);
        return title;
    }

    /// <summary>As it is kept while it is a draft, which may be unfinished.</summary>
    /// <exception cref="RefusedException">Nothing at all, too long, or with characters that cannot be kept.</exception>
    internal string CheckDraft()
    {
        if (string.IsNullOrWhiteSpace(Title) && string.IsNullOrWhiteSpace(Markdown))
            throw new RefusedException(RefusalCode.Invalid, "Write something first.");
        LiveblogText.CheckLength(Markdown);
        return LiveblogText.CleanHeadline(Title);
    }
}
