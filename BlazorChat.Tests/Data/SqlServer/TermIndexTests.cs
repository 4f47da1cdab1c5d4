using BlazorChat.Common.Search;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Search;
using BlazorChat.Data.SqlServer;

namespace BlazorChat.Tests.Data.SqlServer;

/// <summary>The index of databases without FTS5, whose queries SQLite runs too.</summary>
public sealed class TermIndexTests
{
    [Fact]
    public async Task Entries_are_found_by_their_terms_and_replaced_and_removed()
    {
        await using var site = await TestDatabase.CreateAsync();
        await using var db = await site.OpenAsync();
        var index = new TermIndex(db);
        await index.ReplaceAsync(
            SearchKind.Message,
            [Entry(1, "", "서울에서 만나요"), Entry(2, "", "부산에서 만나요"), Entry(3, "7\uE000", "서울 getUserName"), Entry(4, "", "서울 word")],
            default);
        await index.ReplaceAsync(SearchKind.Post, [Entry(1, "", "서울")], default);

        Assert.Equal([4, 1], await FindAsync("서울", ""));
        Assert.Equal([4, 3, 1], await FindAsync("서울", "", "7\uE000"));
        Assert.Equal([1], await FindAsync("서울 만나", ""));
        Assert.Equal([2, 1], await FindAsync("나", ""));
        Assert.Equal([4], await FindAsync("wor", ""));
        Assert.Equal([3], await FindAsync("getUser", "7\uE000"));
        Assert.Equal([2], await FindBetweenAsync("만나", 4, 1, [""]));

        await index.ReplaceAsync(SearchKind.Message, [Entry(1, "", "대전")], default);
        await index.RemoveAsync(SearchKind.Message, [4, 9], default);
        Assert.Equal([3], await FindAsync("서울", "", "7\uE000"));
        Assert.Equal([1], await FindAsync("대전", ""));

        Task<IReadOnlyList<long>> FindAsync(string words, params string[] scopes) => FindBetweenAsync(words, long.MaxValue, 0, scopes);
        Task<IReadOnlyList<long>> FindBetweenAsync(string words, long before, long after, string[] scopes) => index.FindAsync(
            new SearchCondition(SearchKind.Message, scopes, [.. words.Split(' ').Select(word => SearchUnit.Of(word, false)!)], after, before, 10), default);
    }

    private static SearchEntry Entry(long id, string scope, string text)
    {
        var analysed = SearchText.Of(text);
        return new SearchEntry(id, scope, [.. analysed.Tokens.Concat(analysed.Identifiers).Select(token => token.Term)]);
    }
}
