using System.Globalization;
using BlazorChat.Common.Components;
using Microsoft.AspNetCore.Components;

namespace BlazorChat.Tests.Common.Components;

public sealed class SharedHtmlTests
{
    private int _renderings;

    [Fact]
    public void Elements_are_rendered_once_for_each_language()
    {
        var shared = new SharedHtml(Button);

        var (first, again) = In("en", () => (shared.Html.Value, shared.Html.Value));
        var korean = In("ko", () => shared.Html.Value);

        Assert.Equal("""<button title="&quot;Send&quot; &amp; close" hidden>&lt;en&gt;</button>""", first);
        Assert.Same(first, again);
        Assert.Equal("""<button title="&quot;Send&quot; &amp; close" hidden>&lt;ko&gt;</button>""", korean);
        Assert.Equal(2, _renderings);
    }

    private RenderFragment Button => builder =>
    {
        _renderings++;
        builder.OpenElement(0, "button");
        builder.AddAttribute(1, "title", "\"Send\" & close");
        builder.AddAttribute(2, "hidden", true);
        builder.AddContent(3, $"<{CultureInfo.CurrentUICulture.Name}>");
        builder.CloseElement();
    };

    private static T In<T>(string language, Func<T> read)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        try
        {
            return read();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}
