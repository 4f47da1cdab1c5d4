using System.Reflection;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Shell.Layout;
using BlazorChat.Tests.Common.Localization;
using BlazorChat.Tests.Liveblogs;
using Microsoft.AspNetCore.Components;

namespace BlazorChat.Tests.Shell.Layout;

/// <summary>Opens every page in every language, and finds words of the other one. What the test itself wrote is no such word.</summary>
public sealed partial class PageLanguageTests(ReaderSite site) : IClassFixture<ReaderSite>
{
    private static readonly string[] ReadAttributes = ["title", "aria-label", "placeholder", "alt", "aria-description"];

    /// <summary>Names and texts of the test, and names of workers.</summary>
    private static readonly HashSet<string> Data = new(StringComparer.Ordinal)
    {
        "Ada", "ada", "A", "Zoe", "zoe", "Z", "example", "org", "General", "Plans", "hello", "Launch", "launch", "Headline", "post", "Robot",
        "preview", "fetch", "thumbnail", "generate",
    };

    private static readonly IReadOnlyList<string> Templates =
    [
        .. typeof(App).Assembly.GetTypes().SelectMany(type => type.GetCustomAttributes<RouteAttribute>()).Select(route => route.Template[1..])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The page of bots shows the end of a random key.</summary>
    private string _keyEnding = "";

    [Fact]
    public async Task Every_page_is_in_one_language()
    {
        var addresses = await FillAsync();
        var found = new List<string>();
        foreach (var visitor in new[] { site.Admin, site.Anonymous })
        {
            foreach (var address in addresses)
            {
                var (korean, english) = (await OpenAsync(visitor, address, "ko"), await OpenAsync(visitor, address, "en"));
                Assert.Equal(("ko", "en"), (korean.DocumentElement.GetAttribute("lang"), english.DocumentElement.GetAttribute("lang")));
                found.AddRange(
                    from text in TextsOf(korean)
                    from word in KoreanPages.ForeignWords(Link.Replace(text, "").Replace(_keyEnding, "", StringComparison.Ordinal))
                    where !Data.Contains(word)
                    select $"{address}: {word} in “{text}”");
                found.AddRange(
                    from text in TextsOf(english)
                    where Hangul.IsMatch(text)
                    select $"{address}: “{text}”");
            }
        }

        Assert.True(found.Count == 0, string.Join('\n', found.Distinct()));
    }

    /// <summary>Makes a site with something on each page, and returns the addresses of all pages.</summary>
    private async Task<IReadOnlyList<string>> FillAsync()
    {
        var (desk, ada) = (site.Desk, site.Ada);
        using var zoe = await site.JoinAsync("Zoe");
        var room = await desk.Rooms.CreateAsync(ada, "Plans", RoomKind.Open, default);
        await desk.Conversation.SendAsync(ada, room.Id, Guid.NewGuid(), "hello", default);
        var liveblog = await site.StartAsync("launch");
        var post = await site.PostAsync(liveblog, "post", "Headline", isKeyEvent: true);
        _keyEnding = (await site.Admin.MakeBotAsync("Robot"))[^4..];
        var values = new Dictionary<string, string>
        {
            ["Id"] = $"{room.Id}",
            ["Thread"] = "1",
            ["Reply"] = "1",
            ["Token"] = "1",
            ["PersonId"] = "2",
            ["Slug"] = "launch",
            ["PostId"] = $"{post.Id}",
            ["Code"] = (await site.Admin.GetInvitationAsync()).Split('/')[^1],
        };
        return [.. Templates.Select(template => Parameter.Replace(template, match => values[match.Groups[1].Value])), "search?q=hello", "search/liveblogs?q=post", "no/such/page"];
    }

    private static async Task<IHtmlDocument> OpenAsync(FormClient visitor, string address, string language)
    {
        using var response = await visitor.SendAsync(HttpMethod.Get, address, null, ("Accept-Language", language));
        // A page may send the visitor to another one.
        return response.Headers.Location is { } location
            ? await OpenAsync(visitor, new Uri(visitor.Address, location).PathAndQuery[1..], language)
            : await FormClient.ReadAsync(response);
    }

    private static IEnumerable<string> TextsOf(IHtmlDocument page)
    {
        var language = page.DocumentElement.GetAttribute("lang");
        foreach (var ignored in page.QuerySelectorAll("script, style, code, svg, template, [lang]").Where(element => element.GetAttribute("lang") is var lang && lang != language))
            ignored.Remove();
        var attributes = page.All.SelectMany(element => ReadAttributes.Select(element.GetAttribute)).OfType<string>();
        var texts = page.All.SelectMany(element => element.ChildNodes.OfType<IText>()).Select(text => text.Data.Trim());
        return attributes.Concat(texts).Where(text => text.Length > 0).Distinct();
    }

    [GeneratedRegex(@"https?://\S+")]
    private static partial Regex Link { get; }

    [GeneratedRegex(@"\{(\w+)(?::\w+)?\}")]
    private static partial Regex Parameter { get; }

    [GeneratedRegex(@"\p{IsHangulSyllables}")]
    private static partial Regex Hangul { get; }
}
