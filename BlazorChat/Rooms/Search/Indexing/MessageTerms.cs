using BlazorChat.Common.Search;
using BlazorChat.Markup;
using BlazorChat.Rooms.Mentions;

namespace BlazorChat.Rooms.Search.Indexing;

/// <summary>The parts of a message by which it is found.</summary>
/// <param name="Html">As it is stored.</param>
/// <param name="Files">In their order.</param>
internal sealed record SearchedMessage(int RoomId, int AuthorId, string Html, bool IsEdited, IReadOnlyList<SearchedFile> Files)
{
    /// <summary>Its poll as it is stored; null for none.</summary>
    public string? PollState { get; init; }
}

internal sealed record SearchedFile(string Name, bool IsPicture);

/// <summary>The terms of a message.</summary>
internal static class MessageTerms
{
    /// <summary>The words of a message, the options of its poll and the names of its files, as they are searched and shown in results.</summary>
    public static string TextOf(string html, PollView? poll, IEnumerable<string> files) =>
        string.Join('\n', [.. new[] { HtmlText.Read(html, int.MaxValue) }.Concat(poll?.Options.Select(option => option.Text) ?? []).Concat(files).Where(part => part.Length > 0)]);

    public static IReadOnlyList<string> Of(SearchedMessage message)
    {
        var text = SearchText.Of(TextOf(message.Html, PollView.Parse(message.PollState), message.Files.Select(file => file.Name)));
        return [.. text.Tokens.Select(token => token.Term), .. text.Identifiers.Select(token => token.Term), .. TagsOf(message).Distinct()];
    }

    public static IEnumerable<string> TagsOf(SearchedMessage message)
    {
        yield return SearchTag.Source(message.RoomId);
        yield return SearchTag.Author(message.AuthorId);
        if (message.IsEdited)
            yield return SearchTag.Edited;
        if (HtmlText.HasOutsideLink(message.Html))
            yield return SearchTag.Link;
        foreach (var file in message.Files)
        {
            yield return SearchTag.File;
            if (file.IsPicture)
                yield return SearchTag.Picture;
        }

        foreach (var (target, _) in MentionHtml.FindMentions(message.Html))
        {
            if (target.PersonId is { } personId)
                yield return SearchTag.Mentions(personId);
            else if (!target.IsHere)
                yield return SearchTag.MentionsAll;
        }
    }
}
