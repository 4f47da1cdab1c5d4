using System.Collections.Concurrent;
using BlazorChat.Rooms.Messages;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Caching.Memory;

namespace BlazorChat.Rooms.Pages.Rows;

/// <summary>
/// The rows of messages as HTML. A row is the same for everybody, since the reader's browser writes its times (<see cref="Common.Components.LocalTime"/>):
/// a node renders it once, and every circuit holds the same string, so that a row costs a circuit some forty bytes. What was not looked
/// at for long makes way.
/// </summary>
internal sealed class RenderedRows(ILoggerFactory loggers) : IDisposable
{
    /// <summary>Characters.</summary>
    private const int Capacity = 16 * 1024 * 1024;

    /// <summary>Of a row without its message, and of what holds it; characters.</summary>
    private const int Overhead = 1024;

    /// <summary>A row asks for none of the app's services.</summary>
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();

    private readonly MemoryCache _rows = new(new MemoryCacheOptions { SizeLimit = Capacity });

    /// <summary>The node's own instances of these messages, so that those who look at the same hold it once.</summary>
    public MessagePage Share(MessagePage page) => page with { Messages = [.. page.Messages.Select(message => Find(message).Message)] };

    /// <param name="startsGroup">True for the first of several messages in a row by one author.</param>
    public string HtmlOf(MessageView message, bool startsGroup) =>
        Find(message).Html.GetOrAdd(startsGroup, static (startsGroup, row) => row.Rows.Render(row.Message, startsGroup), (Rows: this, Message: message));

    public void Dispose()
    {
        _rows.Dispose();
        _services.Dispose();
    }

    private Row Find(MessageView message) => _rows.GetOrCreate(
        new Key(message.RoomId, message.Sequence, message.Revision, message.AuthorName, message.AuthorAvatarId, message.AuthorIsAdmin),
        entry =>
        {
            entry.Size = Overhead + message.Markdown.Length + (2 * message.Html.Length);
            return new Row(message, []);
        })!;

    private string Render(MessageView message, bool startsGroup)
    {
        // A renderer keeps what it rendered, so each row has one of its own, and with nobody else at its dispatcher it renders at once.
        using var renderer = new HtmlRenderer(_services, loggers);
        var rendered = renderer.Dispatcher.InvokeAsync(() => renderer.BeginRenderingComponent<MessageRow>(ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(MessageRow.Message)] = message,
            [nameof(MessageRow.StartsGroup)] = startsGroup,
        })).ToHtmlString());
        return rendered.GetAwaiter().GetResult();
    }

    /// <summary>What a row shows; a name, a picture and the rights of a person change by themselves.</summary>
    private readonly record struct Key(int RoomId, long Sequence, long Revision, string AuthorName, Guid? AvatarId, bool IsAdmin);

    private sealed record Row(MessageView Message, ConcurrentDictionary<bool, string> Html);
}
