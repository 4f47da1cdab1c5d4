using BlazorChat.Common;

namespace BlazorChat.Liveblogs.Posts;

/// <summary>The parts of a post that an editor writes.</summary>
/// <param name="Title">The headline; empty for none.</param>
public sealed record PostText(string Title, string Markdown, bool IsKeyEvent = false)
{
    /// <summary>Checks a post to be published.</summary>
    /// <returns>The normalised headline.</returns>
    /// <exception cref="RefusedException">Empty, too long, with characters that cannot be stored, or a key event without a headline.</exception>
    internal string Check()
    {
        LiveblogText.CheckPost(Markdown);
        var title = LiveblogText.CleanHeadline(Title);
        if (IsKeyEvent)
            LiveblogText.CheckKeyEvent(title);
        return title;
    }

    /// <summary>Checks a draft, which may be unfinished.</summary>
    /// <returns>The normalised headline.</returns>
    /// <exception cref="RefusedException">Empty, too long, or with characters that cannot be stored.</exception>
    internal string CheckDraft()
    {
        if (string.IsNullOrWhiteSpace(Title) && string.IsNullOrWhiteSpace(Markdown))
            throw new RefusedException(RefusalCode.Invalid, LiveblogTexts.Get("TextRequired"));
        LiveblogText.CheckLength(Markdown);
        return LiveblogText.CleanHeadline(Title);
    }
}
