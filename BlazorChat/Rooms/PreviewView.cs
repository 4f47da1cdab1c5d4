using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Rooms;

/// <summary>The preview of a link as a message shows it: what the page said of itself when it was looked up.</summary>
/// <param name="Id">Identifies the preview. The message may name it to remove it.</param>
/// <param name="Url">The link.</param>
/// <param name="Text">Empty for none.</param>
/// <param name="Site">The name of the site, or its host.</param>
/// <param name="PictureWidth">Pixels; 0 for no picture.</param>
public sealed record PreviewView(Guid Id, string Url, string Title, string Text, string Site, int PictureWidth, int PictureHeight)
{
    /// <summary>The most links of a message that get a preview.</summary>
    public const int MaxPreviews = 3;

    private static readonly PreviewJson Json = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The relative address of the picture; null for none.</summary>
    [JsonIgnore]
    public string? PictureAddress => PictureWidth > 0 ? $"previews/{Id}" : null;

    /// <summary>The previews of a message.</summary>
    /// <param name="previews">As <see cref="Message.Previews"/>.</param>
    internal static IReadOnlyList<PreviewView>? Parse(string? previews) => previews is null ? null : JsonSerializer.Deserialize(previews, Json.PreviewViewArray);

    /// <summary>The previews as <see cref="Message.Previews"/>.</summary>
    internal static string? Format(PreviewView[] previews) => previews.Length == 0 ? null : JsonSerializer.Serialize(previews, Json.PreviewViewArray);
}

[JsonSerializable(typeof(PreviewView[]))]
internal sealed partial class PreviewJson : JsonSerializerContext;
