using System.Text;
using BlazorChat.Common.Emoji;

namespace BlazorChat.Tests.Common.Emoji;

/// <summary>The emoji of wwwroot/emoji.txt, which browsers read too.</summary>
public sealed class EmojiListTests
{
    [Theory]
    [InlineData("👍", "👍")]
    [InlineData("👍🏿", "👍🏿")]
    [InlineData("\u2764", "\u2764\ufe0f")]
    [InlineData("\u2764\ufe0f", "\u2764\ufe0f")]
    [InlineData("\u261d\ufe0f", "\u261d\ufe0f")]
    [InlineData("\u261d🏽", "\u261d🏽")]
    [InlineData("#\u20e3", "#\ufe0f\u20e3")]
    [InlineData("🇰🇷", "🇰🇷")]
    [InlineData("🏴󠁧󠁢󠁷󠁬󠁳󠁿", "🏴󠁧󠁢󠁷󠁬󠁳󠁿")]
    [InlineData("🏳\u200d🌈", "🏳\ufe0f\u200d🌈")]
    [InlineData("👩🏽\u200d💻", "👩🏽\u200d💻")]
    [InlineData("🏋🏽\u200d♀", "🏋🏽\u200d♀\ufe0f")]
    [InlineData("🏋\ufe0f\u200d♀\ufe0f", "🏋\ufe0f\u200d♀\ufe0f")]
    [InlineData("👨\u200d👩\u200d👧\u200d👦", "👨\u200d👩\u200d👧\u200d👦")]
    [InlineData("🧑🏻\u200d🤝\u200d🧑🏻", "🧑🏻\u200d🤝\u200d🧑🏻")]
    [InlineData("👩🏻\u200d❤\u200d💋\u200d👨🏿", "👩🏻\u200d❤\ufe0f\u200d💋\u200d👨🏿")]
    public void One_emoji_has_one_form(string text, string form) => Assert.Equal(form, EmojiList.Find(text));

    [Theory]
    [InlineData("")]
    [InlineData("\ufe0f")]
    [InlineData("x")]
    [InlineData("1")]
    [InlineData("👍👍")]
    [InlineData("👍\ufe0e")]
    [InlineData("🏽")]
    [InlineData("🇰")]
    [InlineData("🇰🇰")]
    [InlineData("👩\u200d👍")]
    [InlineData("\ud83d")]
    [InlineData("=other")]
    public void Other_texts_are_none(string text) => Assert.Null(EmojiList.Find(text));

    [Fact]
    public void All_are_stored_in_their_column()
    {
        var lines = File.ReadAllLines(Path.Combine(Node.Repository, "wwwroot", "emoji.txt"));
        string[] all = [.. lines.Where(line => line is not ['=', ..]).SelectMany(line => line.Contains('\t', StringComparison.Ordinal) ? [line.Split('\t')[0]] : line.Split(' '))];

        Assert.InRange(all.Length, 1_800, 4_000);
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.All(all, emoji => Assert.True(emoji == EmojiList.Find(emoji) && emoji.Length <= BlazorChat.Data.Entities.Rooms.Reaction.MaxEmojiLength, emoji));
        Assert.All(all, emoji => Assert.Equal(emoji, emoji.Normalize(NormalizationForm.FormC)));
    }

    [Theory]
    [InlineData("tada", "🎉")]
    [InlineData("+1", "👍")]
    [InlineData("smile", "😄")]
    [InlineData("heart", "\u2764\ufe0f")]
    [InlineData("red_heart", "\u2764\ufe0f")]
    [InlineData("flag_south_korea", "🇰🇷")]
    [InlineData("flag_cote_d_ivoire", "🇨🇮")]
    [InlineData("no_such_emoji", null)]
    [InlineData("", null)]
    public void Short_names_find_emoji(string name, string? emoji) => Assert.Equal(emoji, EmojiList.FindByShortName(name));

    [Theory]
    [InlineData("👍", 1)]
    [InlineData(" 👩🏽\u200d💻 🎉🇰🇷 ", 3)]
    [InlineData("👍👍👍👍", 0)]
    [InlineData("👍 yes", 0)]
    [InlineData("1", 0)]
    [InlineData("", 0)]
    public void Emoji_alone_are_counted(string text, int count) => Assert.Equal(count, EmojiList.CountOnly(text, 3));
}
