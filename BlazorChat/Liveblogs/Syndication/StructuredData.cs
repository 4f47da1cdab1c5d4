using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace BlazorChat.Liveblogs.Syndication;

/// <summary>A liveblog in the words of schema.org, for search engines.</summary>
internal sealed record LiveBlogPosting(
    string Url,
    string Headline,
    string Description,
    DateTime DatePublished,
    DateTime DateModified,
    DateTime CoverageStartTime,
    DateTime? CoverageEndTime,
    IReadOnlyList<BlogPosting> LiveBlogUpdate)
{
    [JsonPropertyName("@context")]
    public string Context { get; } = "https://schema.org";

    [JsonPropertyName("@type")]
    public string Type { get; } = "LiveBlogPosting";
}

/// <summary>One post of it.</summary>
internal sealed record BlogPosting(
    string Url, string Headline, DateTime DatePublished, DateTime DateModified, SchemaPerson Author, string ArticleBody, string? Image)
{
    [JsonPropertyName("@type")]
    public string Type { get; } = "BlogPosting";
}

internal sealed record SchemaPerson(string Name)
{
    [JsonPropertyName("@type")]
    public string Type { get; } = "Person";
}

[JsonSerializable(typeof(LiveBlogPosting))]
internal sealed partial class StructuredDataJson : JsonSerializerContext
{
    /// <summary>
    /// As it stands in a script element: angle brackets are escaped, so that nothing in it can end the element. Korean is left as it is.
    /// </summary>
    public static StructuredDataJson Page { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    });
}
