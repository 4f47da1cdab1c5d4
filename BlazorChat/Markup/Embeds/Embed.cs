using BlazorChat.Common.Localization;

namespace BlazorChat.Markup.Embeds;

/// <summary>What a link to a known service can show in place, when a reader asks for it.</summary>
/// <param name="Label">What following the link does: "Watch on YouTube".</param>
/// <param name="Frame">The address of the frame, made of parts of the link that were checked; never what somebody typed.</param>
internal sealed record Embed(LocalText Label, EmbedShape Shape, string Frame);

/// <summary>The box that is kept free for a frame. Its name is also the name of its style.</summary>
internal enum EmbedShape
{
    Wide,
    Tall,
    Sound,
    Playlist,
    Post,
    Chart,
}
