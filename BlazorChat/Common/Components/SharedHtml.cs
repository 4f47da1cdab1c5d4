using System.Collections.Concurrent;
using BlazorChat.Common.Localization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorChat.Common.Components;

/// <summary>
/// Elements that are the same for all readers of a language, rendered once on a node. A circuit holds one frame with the node's string instead of
/// a frame for each element, attribute and text, twice. Hold it in a static field, so that its content cannot use what belongs to one circuit:
/// <code>private static readonly SharedHtml Toolbar = new(@&lt;button type="button"&gt;@RoomTexts.Get("Edit")&lt;/button&gt;);</code>
/// </summary>
/// <param name="content">Elements and texts, without components that need services and without event handlers.</param>
internal sealed class SharedHtml(RenderFragment content)
{
    private readonly ConcurrentDictionary<string, MarkupString> _byLanguage = new();

    /// <summary>The elements in the language of the calling circuit.</summary>
    public MarkupString Html => _byLanguage.GetOrAdd(SiteLanguages.Current, static (_, content) => Render(content), content);

    private static MarkupString Render(RenderFragment content)
    {
        using var services = new ServiceCollection().AddTexts().BuildServiceProvider();
        using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        // Nothing else uses the dispatcher, so it renders synchronously.
        var rendered = renderer.Dispatcher.InvokeAsync(() => renderer.BeginRenderingComponent<Fragment>(
            ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(Fragment.Content)] = content })).ToHtmlString());
        return new MarkupString(rendered.GetAwaiter().GetResult());
    }

    private sealed class Fragment : ComponentBase
    {
        [Parameter, EditorRequired]
        public required RenderFragment Content { get; set; }

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, Content);
    }
}
