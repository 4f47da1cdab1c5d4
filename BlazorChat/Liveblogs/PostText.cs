using BlazorChat.Data;
using BlazorChat.Markup;

namespace BlazorChat.Liveblogs;

/// <summary>What an editor writes of a post.</summary>
/// <param name="Title">The headline; empty for none.</param>
public sealed record PostText(string Title, string Markdown, bool IsKeyEvent = false)
{
    /// <summary>As it is kept when it is published: the headline trimmed, and the text with its rendering.</summary>
    /// <exception cref="RefusedException">Empty, too long, with characters that cannot be kept; or a key event without a headline.</exception>
    internal (string Title, string Html) Check()
    {
        LiveblogText.CheckPost(Markdown);
        var title = LiveblogText.CleanHeadline(Title);
        if (IsKeyEvent)
            LiveblogText.CheckKeyEvent(title);
        return (title, Render(Markdown));
    }

    /// <summary>As readers get it.</summary>
    internal static string Render(string markdown) => MarkdownHtml.Render(markdown, withEmbeds: true);

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
