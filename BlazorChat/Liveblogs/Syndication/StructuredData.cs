using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace BlazorChat.Liveblogs.Syndication;

/// <summary>A liveblog in the vocabulary of schema.org, for search engines.</summary>
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

/// <summary>A post in the vocabulary of schema.org.</summary>
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
    /// For a script element: angle brackets are escaped, so that no text can end the element. Other scripts, such as Korean, are not escaped.
    /// </summary>
    public static StructuredDataJson Page { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    });
}
