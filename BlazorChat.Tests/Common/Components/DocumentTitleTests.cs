using BlazorChat.Common.Components;
using BlazorChat.Common.Sites;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace BlazorChat.Tests.Common.Components;

public sealed class DocumentTitleTests : BunitContext
{
    public DocumentTitleTests() => Services.AddSingleton<CurrentSite>();

    [Fact]
    public void A_prerendered_page_has_its_title_in_its_head()
    {
        SetRendererInfo(new RendererInfo("Static", isInteractive: false));

        var title = Render<DocumentTitle>(parameters => parameters.Add(title => title.Title, "General"));

        Assert.NotNull(title.FindComponent<PageTitle>());
    }

    [Fact]
    public void A_circuit_writes_a_title_once_and_again_when_it_changes()
    {
        var browser = new Browser();
        Services.AddSingleton<IJSRuntime>(browser);
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        var title = Render<DocumentTitle>(parameters => parameters.Add(title => title.Title, "General"));

        title.Render(parameters => parameters.Add(title => title.Title, "General"));
        title.Render(parameters => parameters.Add(title => title.Title, "Random"));

        Assert.Empty(title.Markup);
        Assert.Equal(["document.title = General · BlazorChat", "document.title = Random · BlazorChat"], browser.Written);
    }

    [Fact]
    public void Pages_of_circuits_use_it_since_Blazors_own_writes_nothing_there()
    {
        string[] circuits =
        [
            .. typeof(DocumentTitle).Assembly.GetTypes()
                .Where(type => type.IsDefined(typeof(RouteAttribute), inherit: false) && !type.IsDefined(typeof(ExcludeFromInteractiveRoutingAttribute), inherit: true))
                .Select(type => Path.Combine(Node.Repository, Path.Combine(type.FullName!.Split('.')) + ".razor")),
        ];

        Assert.NotEmpty(circuits);
        Assert.DoesNotContain(circuits, file => File.ReadAllText(file) is var text && (text.Contains("<PageTitle", StringComparison.Ordinal) || text.Contains("<PageHeading", StringComparison.Ordinal)));
    }

    /// <summary>The script runtime of bUnit sets no values.</summary>
    private sealed class Browser : IJSRuntime
    {
        public List<string> Written { get; } = [];

        public ValueTask SetValueAsync<TValue>(string identifier, TValue value)
        {
            Written.Add($"{identifier} = {value}");
            return ValueTask.CompletedTask;
        }

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => throw new NotSupportedException();

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) => throw new NotSupportedException();
    }
}
