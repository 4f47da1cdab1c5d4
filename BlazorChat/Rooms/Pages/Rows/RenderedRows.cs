using System.Collections.Concurrent;
using BlazorChat.Common.Localization;
using BlazorChat.Rooms.Messages;
using BlazorChat.Rooms.Quotes;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Caching.Memory;

namespace BlazorChat.Rooms.Pages.Rows;

/// <summary>
/// The rows of messages as HTML. A row is the same for all readers of a language, since their browsers write its times
/// (<see cref="LocalTime"/>). A node renders it once for each language, and all circuits hold the same string, so a row costs a circuit
/// some forty bytes. The cache evicts the rows that were not used for longest.
/// </summary>
internal sealed class RenderedRows(ILoggerFactory loggers) : IDisposable
{
    /// <summary>Characters.</summary>
    private const int Capacity = 16 * 1024 * 1024;

    /// <summary>Characters of a row without its message, and of its cache entry.</summary>
    private const int Overhead = 1024;

    private const string CardsStart = $"<div class=\"{MessageRow.QuotesClass}\"";

    /// <summary>Rows are rendered without the app's scoped services, such as the navigation of a circuit.</summary>
    private readonly ServiceProvider _services = new ServiceCollection().AddSingleton(loggers).AddTexts().BuildServiceProvider();

    private readonly MemoryCache _rows = new(new MemoryCacheOptions { SizeLimit = Capacity });

    /// <summary>The node's instances of these messages, so that all circuits that show a message hold the same one.</summary>
    public MessagePage Share(MessagePage page) => page with { Messages = [.. page.Messages.Select(message => Find(message).Message)] };

    /// <param name="startsGroup">True for the first of several messages in a row by one author.</param>
    public string HtmlOf(MessageView message, bool startsGroup) =>
        Find(message).Html.GetOrAdd(startsGroup, static (startsGroup, row) => row.Rows.Render(row.Message, startsGroup), (Rows: this, Message: message));

    /// <summary>The same with the cards of its links, which differ between readers.</summary>
    /// <param name="cards">As <see cref="RenderCards"/> returns them; null for none.</param>
    public string HtmlOf(MessageView message, bool startsGroup, string? cards)
    {
        var html = HtmlOf(message, startsGroup);
        // No text has a bare angle bracket.
        if (cards is null || html.IndexOf(CardsStart, StringComparison.Ordinal) is not (>= 0 and var start))
            return html;
        return html.Insert(html.IndexOf('>', start) + 1, cards);
    }

    /// <summary>The cards of a row's links.</summary>
    public string RenderCards(IReadOnlyList<QuoteView> quotes) =>
        Render<QuoteCards>(new Dictionary<string, object?> { [nameof(QuoteCards.Quotes)] = quotes });

    public void Dispose()
    {
        _rows.Dispose();
        _services.Dispose();
    }

    private Row Find(MessageView message) => _rows.GetOrCreate(
        new Key(
            SiteLanguages.Current,
            message.RoomId,
            message.Sequence,
            message.Revision,
            message.AuthorName,
            message.AuthorAvatarId,
            message.AuthorIsAdmin,
            message.Mentions is null ? null : string.Join('\n', message.Mentions.Select(mention => mention.Name)),
            NamesIn(message),
            message.ThreadRoot is null ? message.Thread : null,
            message.IsThreadRow),
        entry =>
        {
            entry.Size = (Overhead * (1 + (2 * (message.Previews?.Count ?? 0)))) + message.Markdown.Length + (2 * message.Html.Length);
            return new Row(message, []);
        })!;

    private static string? NamesIn(MessageView message) => message is { Reactions: null, Poll: null }
        ? null
        : string.Join('\n', (message.Reactions?.SelectMany(reaction => reaction.People) ?? [])
            .Concat(message.Poll?.Options.SelectMany(option => option.People) ?? [])
            .Select(person => person.Name));

    private string Render(MessageView message, bool startsGroup) => Render<MessageRow>(new Dictionary<string, object?>
    {
        [nameof(MessageRow.Message)] = message,
        [nameof(MessageRow.StartsGroup)] = startsGroup,
    });

    private string Render<TComponent>(Dictionary<string, object?> parameters)
        where TComponent : IComponent
    {
        // A renderer holds what it rendered, so each row has its own. Nothing else uses its dispatcher, so it renders synchronously.
        using var renderer = new HtmlRenderer(_services, loggers);
        var rendered = renderer.Dispatcher.InvokeAsync(
            () => renderer.BeginRenderingComponent<TComponent>(ParameterView.FromDictionary(parameters)).ToHtmlString());
        return rendered.GetAwaiter().GetResult();
    }

    /// <summary>What a row shows. An author's name, picture and rights, the names of people who are mentioned, reacted or voted, and the thread change without a new revision.</summary>
    private readonly record struct Key(
        string Language, int RoomId, long Sequence, long Revision, string AuthorName, Guid? AvatarId, bool IsAdmin, string? Mentioned, string? Reacted, ThreadView? Thread, bool IsThreadRow);

    private sealed record Row(MessageView Message, ConcurrentDictionary<bool, string> Html);
}
