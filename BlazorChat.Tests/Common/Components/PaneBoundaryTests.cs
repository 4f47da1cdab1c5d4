using BlazorChat.Common.Components;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace BlazorChat.Tests.Common.Components;

public sealed class PaneBoundaryTests : BunitContext
{
    private bool _fails = true;

    public PaneBoundaryTests() => Services.AddLocalization();

    [Fact]
    public async Task E2_A_pane_that_fails_shows_an_error_and_can_be_retried()
    {
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        var boundary = RenderBoundary();
        Assert.Contains("This part of the page failed.", boundary.Find("[role=alert]").TextContent, StringComparison.Ordinal);

        _fails = false;
        await boundary.Find("button").ClickAsync();

        Assert.Equal("works", boundary.Markup);
    }

    [Fact]
    public void E2_Another_page_is_not_a_failed_one()
    {
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        var boundary = RenderBoundary();
        _fails = false;

        Services.GetRequiredService<NavigationManager>().NavigateTo("rooms/2");

        boundary.WaitForState(() => boundary.Markup == "works");
    }

    [Fact]
    public void E2_A_page_that_fails_before_it_is_sent_is_an_error_of_the_request()
    {
        SetRendererInfo(new RendererInfo("Static", isInteractive: false));

        Assert.Throws<InvalidOperationException>(RenderBoundary);
    }

    private IRenderedComponent<PaneBoundary> RenderBoundary() => Render<PaneBoundary>(parameters => parameters
        .AddChildContent<Pane>(pane => pane.Add(p => p.Fails, () => _fails)));

    private sealed class Pane : ComponentBase
    {
        [Parameter, EditorRequired]
        public required Func<bool> Fails { get; set; }

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            if (Fails())
                throw new InvalidOperationException("This pane cannot be rendered.");
            builder.AddContent(0, "works");
        }
    }
}
