using System.Text;
using System.Text.RegularExpressions;
using BlazorChat.Common;
using BlazorChat.Common.Names;
using BlazorChat.Data.Entities;

namespace BlazorChat.Liveblogs;

/// <summary>What is written in liveblogs, checked before it is kept.</summary>
internal static partial class LiveblogText
{
    /// <summary>The title as it is kept: trimmed and composed.</summary>
    /// <exception cref="RefusedException">Empty, longer than <see cref="Liveblog.MaxTitleLength"/>, or more than one line.</exception>
    public static string CleanTitle(string title) => Clean(title, Liveblog.MaxTitleLength) is { Length: > 0 } clean
        ? clean
        : throw new RefusedException(RefusalCode.Invalid, "Give the liveblog a title.");

    /// <summary>The headline as it is kept: trimmed and composed, empty for a post without one.</summary>
    /// <exception cref="RefusedException">Longer than <see cref="LiveblogPost.MaxTitleLength"/>, or more than one line.</exception>
    public static string CleanHeadline(string title) => Clean(title, LiveblogPost.MaxTitleLength);

    /// <exception cref="RefusedException">All zeros: whoever leaves the id out would get the post of somebody else who did.</exception>
    public static void CheckDraftId(Guid draftId)
    {
        if (draftId == Guid.Empty)
            throw new RefusedException(RefusalCode.Invalid, "The draft's id is all zeros. Choose a new id for each draft.");
    }

    /// <exception cref="RefusedException">Something else than lower-case letters and digits with single hyphens between, or too long.</exception>
    public static void CheckSlug(string slug)
    {
        if (slug.Length > Liveblog.MaxSlugLength || !Slug.IsMatch(slug))
        {
            throw new RefusedException(
                RefusalCode.Invalid,
                $"An address has lower-case letters and digits with single hyphens between, at most {Liveblog.MaxSlugLength} characters.");
        }
    }

    /// <exception cref="RefusedException">Empty, longer than <see cref="LiveblogPost.MaxLength"/>, or with characters that cannot be kept.</exception>
    public static void CheckPost(string markdown)
    {
        if (string.IsNullOrWhiteSpace(markdown))
            throw new RefusedException(RefusalCode.Invalid, "Write something first.");
        CheckLength(markdown);
    }

    /// <exception cref="RefusedException">Longer than <see cref="LiveblogPost.MaxLength"/>, or with characters that cannot be kept.</exception>
    public static void CheckLength(string markdown)
    {
        if (markdown.Length > LiveblogPost.MaxLength)
            throw new RefusedException(RefusalCode.Invalid, $"A post has at most {LiveblogPost.MaxLength:N0} characters; this one has {markdown.Length:N0}.");
        if (!PlainText.IsWellFormed(markdown))
            throw new RefusedException(RefusalCode.Invalid, "This post has characters that cannot be kept.");
    }

    /// <exception cref="RefusedException">The summary at the top has nothing to call it.</exception>
    public static void CheckKeyEvent(string title)
    {
        if (title.Length == 0)
            throw new RefusedException(RefusalCode.Invalid, "A key event needs a headline.");
    }

    /// <summary>The standfirst as it is kept: trimmed and composed, empty for none.</summary>
    /// <exception cref="RefusedException">Longer than <see cref="Liveblog.MaxStandfirstLength"/>, or more than one line.</exception>
    public static string CleanStandfirst(string standfirst)
    {
        if (!PlainText.IsOneLine(standfirst))
            throw new RefusedException(RefusalCode.Invalid, "The standfirst is one line of text.");
        var clean = standfirst.Trim().Normalize(NormalizationForm.FormC);
        return clean.Length <= Liveblog.MaxStandfirstLength
            ? clean
            : throw new RefusedException(RefusalCode.Invalid, $"A standfirst has at most {Liveblog.MaxStandfirstLength} characters.");
    }

    [GeneratedRegex(@"\A[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex Slug { get; }

    private static string Clean(string title, int maxLength)
    {
        if (!PlainText.IsOneLine(title))
            throw new RefusedException(RefusalCode.Invalid, "This title has characters that cannot be shown.");
        var clean = title.Trim().Normalize(NormalizationForm.FormC);
        return clean.Length <= maxLength
            ? clean
            : throw new RefusedException(RefusalCode.Invalid, $"A title has at most {maxLength} characters.");
    }
}
