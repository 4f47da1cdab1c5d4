using BlazorChat.Common.Components;
using BlazorChat.Shell.Layout;
using Bunit;

namespace BlazorChat.Tests.Shell.Layout;

public sealed class NotFoundPageTests : BunitContext
{
    [Fact]
    public void The_page_links_to_the_rooms()
    {
        Services.AddLocalization();
        ComponentFactories.AddStub<DocumentTitle>();

        var page = Render<NotFoundPage>();

        Assert.Equal("Open rooms", page.Find("a").TextContent);
    }
}
