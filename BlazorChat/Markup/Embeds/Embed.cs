namespace BlazorChat.Markup.Embeds;

/// <summary>The frame of a link to a known service.</summary>
/// <param name="Label">The text of the link: the name of the service, which is the same in all languages.</param>
/// <param name="Frame">The address of the frame, made of checked parts of the link, never of other text.</param>
internal sealed record Embed(string Label, EmbedShape Shape, string Frame);

/// <summary>The shape of the box that is reserved for a frame. Its name is also the name of its style.</summary>
internal enum EmbedShape
{
    Wide,
    Tall,
    Sound,
    Playlist,
    Post,
    Chart,
}
