using System.Text;
using System.Text.RegularExpressions;
using BlazorChat.Common;
using BlazorChat.Common.Localization;
using BlazorChat.Common.Names;
using BlazorChat.Data.Entities.Liveblogs;

namespace BlazorChat.Liveblogs;

/// <summary>Checks and normalises the texts of liveblogs before they are stored.</summary>
internal static partial class LiveblogText
{
    /// <summary>Normalises a title: trimmed, in NFC.</summary>
    /// <exception cref="RefusedException">Empty, longer than <see cref="Liveblog.MaxTitleLength"/>, or more than one line.</exception>
    public static string CleanTitle(string title) =>
        CleanTitle(title, Liveblog.MaxTitleLength) is { Length: > 0 } clean ? clean : throw Invalid(LiveblogTexts.Get("TitleRequired"));

    /// <summary>Normalises a headline: trimmed, in NFC; empty for a post without one.</summary>
    /// <exception cref="RefusedException">Longer than <see cref="LiveblogPost.MaxTitleLength"/>, or more than one line.</exception>
    public static string CleanHeadline(string title) => CleanTitle(title, LiveblogPost.MaxTitleLength);

    /// <summary>Normalises a standfirst: trimmed, in NFC; empty for none.</summary>
    /// <exception cref="RefusedException">Longer than <see cref="Liveblog.MaxStandfirstLength"/>, or more than one line.</exception>
    public static string CleanStandfirst(string standfirst) => Clean(
        standfirst, Liveblog.MaxStandfirstLength, LiveblogTexts.Get("StandfirstTooLong", Liveblog.MaxStandfirstLength));

    /// <exception cref="RefusedException">All zeros: a client that omits the id would get the post of another one that did.</exception>
    public static void CheckDraftId(Guid draftId)
    {
        if (draftId == Guid.Empty)
            throw Invalid(LiveblogTexts.Get("DraftIdRequired"));
    }

    /// <exception cref="RefusedException">Not lower-case letters and digits with single hyphens between, or too long.</exception>
    public static void CheckSlug(string slug)
    {
        if (slug.Length > Liveblog.MaxSlugLength || !Slug.IsMatch(slug))
            throw Invalid(LiveblogTexts.Get("SlugInvalid", Liveblog.MaxSlugLength));
    }

    /// <exception cref="RefusedException">Empty, longer than <see cref="LiveblogPost.MaxLength"/>, or with characters that cannot be stored.</exception>
    public static void CheckPost(string markdown)
    {
        if (string.IsNullOrWhiteSpace(markdown))
            throw Invalid(LiveblogTexts.Get("TextRequired"));
        CheckLength(markdown);
    }

    /// <exception cref="RefusedException">Longer than <see cref="LiveblogPost.MaxLength"/>, or with characters that cannot be stored.</exception>
    public static void CheckLength(string markdown)
    {
        if (markdown.Length > LiveblogPost.MaxLength)
            throw Invalid(LiveblogTexts.Get("PostTooLong", LiveblogPost.MaxLength, markdown.Length));
        if (!PlainText.IsWellFormed(markdown))
            throw Invalid(LiveblogTexts.Get("PostUnreadable"));
    }

    /// <exception cref="RefusedException">Empty, so the summary at the top would have no words for it.</exception>
    public static void CheckKeyEvent(string title)
    {
        if (title.Length == 0)
            throw Invalid(LiveblogTexts.Get("KeyEventNeedsHeadline"));
    }

    private static string CleanTitle(string title, int maxLength) => Clean(title, maxLength, LiveblogTexts.Get("TitleTooLong", maxLength));

    private static string Clean(string line, int maxLength, LocalText tooLong)
    {
        if (!PlainText.IsOneLine(line))
            throw Invalid(LiveblogTexts.Get("LineUnreadable"));
        var clean = line.Trim().Normalize(NormalizationForm.FormC);
        return clean.Length <= maxLength ? clean : throw Invalid(tooLong);
    }

    private static RefusedException Invalid(LocalText reason) => new(RefusalCode.Invalid, reason);

    [GeneratedRegex(@"\A[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex Slug { get; }
}
