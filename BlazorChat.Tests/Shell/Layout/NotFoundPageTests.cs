using BlazorChat.Shell.Layout;
using Bunit;

namespace BlazorChat.Tests.Shell.Layout;

public sealed class NotFoundPageTests : BunitContext
{
    [Fact]
    public void Says_what_to_do_next()
    {
        var page = Render<NotFoundPage>();

        Assert.Equal("Open rooms", page.Find("a").TextContent);
    }
}
