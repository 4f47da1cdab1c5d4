using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax.Inlines;

namespace BlazorChat.Markup.Parsing;

/// <summary>A text that may mention a person or link to a room. The room in which it is written decides (<c>Rooms/Mentions</c>).</summary>
internal sealed class MentionInline : LeafInline
{
    public required StringSlice Text { get; init; }
}

/// <summary>Finds <c>@name</c> and <c>#name</c> outside of code. <see cref="MentionMark"/> has the rules.</summary>
internal sealed class MentionParser : InlineParser
{
    public MentionParser() => OpeningCharacters = ['@', '#'];

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        var length = MentionMark.FindLength(slice.Text.AsSpan(0, slice.End + 1), slice.Start);
        if (length == 0)
            return false;
        processor.Inline = new MentionInline { Text = new StringSlice(slice.Text, slice.Start, slice.Start + length - 1), IsClosed = true };
        slice.Start += length;
        return true;
    }
}

/// <summary>Marks the text, except within a link, which has one target only.</summary>
internal sealed class MentionRenderer : HtmlObjectRenderer<MentionInline>
{
    public const string ClassName = "mention";

    protected override void Write(HtmlRenderer renderer, MentionInline obj)
    {
        var text = obj.Text.AsSpan();
        if (obj.FindParentOfType<LinkInline>().Any())
            renderer.Write(text);
        else
            renderer.Write(MentionMark.Of(text));
    }
}
