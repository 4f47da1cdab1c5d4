using BlazorChat.Common.Names;

namespace BlazorChat.Tests.Common.Names;

public sealed class NameTests
{
    [Theory]
    [InlineData("  Zoe   Kim ", "Zoe Kim")]
    [InlineData("Zoe\u3000Kim\u00A0", "Zoe Kim")]
    [InlineData("A\u030Asa", "Åsa")]
    [InlineData("\u1100\u1161\u11A8", "각")]
    [InlineData("\u202Ertl\u202C \u2066x\u2069\u200F", "rtl x")]
    [InlineData("A\u200Bd\u2060a\uFEFF\u00AD", "Ada")]
    [InlineData("Ad\u200Da", "Ada")]
    [InlineData("\u3164Ada\u115F\u2800", "Ada")]
    [InlineData("A\U000E0041da\uFE0F", "Ada")]
    [InlineData("👩\u200D💻 ❤\uFE0F", "👩\u200D💻 ❤\uFE0F")]
    [InlineData("👩🏽\u200D💻", "👩🏽\u200D💻")]
    [InlineData("می\u200Cخواهم", "می\u200Cخواهم")]
    [InlineData("क्\u200Dष", "क्\u200Dष")]
    [InlineData("A\uFFFEd\uFFFFa\uFDD0 \U0001FFFEKim", "Ada Kim")]
    public void B15_G18_A_name_is_composed_and_visible(string typed, string stored) => Assert.Equal(stored, NameText.Clean(typed));

    [Theory]
    [InlineData("line\nbreak")]
    [InlineData("tab\t")]
    [InlineData("nul\0")]
    [InlineData("private \uE000")]
    [InlineData("\u200B\u202E")]
    [InlineData("\u3164")]
    [InlineData("ﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺ")]
    public void G18_What_cannot_be_shown_is_no_name(string name) => Assert.NotNull(NameText.FindProblem(name));

    [Theory]
    [InlineData("김민수")]
    [InlineData("Zoë Müller")]
    [InlineData("김 🎉")]
    [InlineData("🎉")]
    [InlineData("O'Brien-Łukasz, Jr.")]
    [InlineData("محمد")]
    [InlineData("さくら")]
    public void Names_of_every_script_can_be_shown(string name) => Assert.Null(NameText.FindProblem(name));

    [Theory]
    [InlineData("Åsa", "åsa")]
    [InlineData("Åsa", "asa")]
    [InlineData("Zoë Müller", "MULLER")]
    [InlineData("Łukasz", "lukasz")]
    [InlineData("Straße", "strasse")]
    [InlineData("ΟΔΥΣΣΕΥΣ", "οδυσσευς")]
    [InlineData("Ёлка", "елка")]
    [InlineData("김민수", "민수")]
    [InlineData("김민수", "\u1106\u1175\u11AB")]
    [InlineData("İstanbul", "istanbul")]
    [InlineData("ＡＢＣ", "abc")]
    [InlineData("مُحَمَّد", "محمد")]
    [InlineData("がくせい", "か")]
    [InlineData("Zoe", "o")]
    public void B15_A_name_is_found_without_case_and_marks_anywhere_in_it(string name, string search) =>
        Assert.Contains(NameForms.SearchOf(search), NameForms.Of(name).Search, StringComparison.Ordinal);

    [Theory]
    [InlineData("Ada", "ADA")]
    [InlineData("Ada", "Аda")]
    [InlineData("Ada", "аDа")]
    [InlineData("Ada", "Ａｄａ")]
    [InlineData("Ada", "𝐀𝐝𝐚")]
    [InlineData("Alice", "AIice")]
    [InlineData("Alice", "A1ice")]
    [InlineData("Alice", "A|ice")]
    [InlineData("Root", "R00t")]
    [InlineData("Root", "Rοοt")]
    [InlineData("Marn", "Mam")]
    [InlineData("Вова", "вова")]
    [InlineData("Ada", "Ad\u034Fa")]
    [InlineData("Zoe Kim", "Zoe  Kim")]
    [InlineData("工藤", "エ藤")]
    [InlineData("力石", "カ石")]
    [InlineData("口", "ロ")]
    [InlineData("二宮", "ニ宮")]
    [InlineData("八木", "ハ木")]
    [InlineData("夕子", "タ子")]
    [InlineData("卜部", "ト部")]
    [InlineData("一郎", "ー郎")]
    [InlineData("一郎", "—郎")]
    [InlineData("一郎", "ㅡ郎")]
    [InlineData("へいわ", "ヘいわ")]
    [InlineData("べに", "ベに")]
    [InlineData("ぺこ", "ペこ")]
    [InlineData("工藤", "ｴ藤")]
    [InlineData("長谷川", "⻑谷川")]
    [InlineData("土屋", "士屋")]
    [InlineData("絶対", "絕対")]
    [InlineData("口口", "ㅁㅁ")]
    [InlineData("root", "r〇ㅇt")]
    [InlineData("Alice", "A丨ice")]
    [InlineData("Alice", "Aㅣice")]
    public void G18_Names_that_look_the_same_share_a_key_or_a_shape(string name, string other)
    {
        var (one, two) = (NameForms.Of(NameText.Clean(name)), NameForms.Of(NameText.Clean(other)));

        Assert.True(one.Key == two.Key || one.Shape == two.Shape, $"{one} and {two}");
    }

    [Theory]
    [InlineData("Elia", "Ella")]
    [InlineData("Ian", "Lan")]
    [InlineData("Müller", "Muller")]
    [InlineData("Launch 🚀", "Launch")]
    [InlineData("🎉", "🚀")]
    [InlineData("あ", "ア")]
    [InlineData("Straße", "Strasse")]
    [InlineData("Person 1", "Person 11")]
    [InlineData("김민수", "김민주")]
    [InlineData("Анна", "Анка")]
    [InlineData("さくら", "サクラ")]
    [InlineData("ソラ", "ンラ")]
    [InlineData("大田", "太田")]
    [InlineData("末広", "未広")]
    [InlineData("미나", "마나")]
    public void Names_that_look_different_are_different(string name, string other)
    {
        var (one, two) = (NameForms.Of(name), NameForms.Of(other));

        Assert.NotEqual(one.Key, two.Key);
        Assert.NotEqual(one.Shape, two.Shape);
    }
}
