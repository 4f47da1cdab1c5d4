using BlazorChat.Common.Names;
using CsCheck;

namespace BlazorChat.Tests.Common.Names;

public sealed class HandleTextTests
{
    [Theory]
    [InlineData("ada")]
    [InlineData("ada.lovelace")]
    [InlineData("jean-luc_2")]
    [InlineData("김민수")]
    [InlineData("minsu김")]
    [InlineData("田中")]
    [InlineData("たなか1")]
    [InlineData("タナカ田中ken")]
    [InlineData("金민수")]
    [InlineData("лев")]
    [InlineData("नमिता")]
    [InlineData("محمد")]
    public void Letters_of_every_script_make_a_handle(string handle) => Assert.Null(HandleText.FindProblem(handle));

    [Theory]
    [InlineData("a", "A handle has 2 to 30 characters.")]
    [InlineData("aaaaaaaaaabbbbbbbbbbccccccccccd", "A handle has 2 to 30 characters.")]
    [InlineData("ada lovelace", "The handle ada lovelace can't be used")]
    [InlineData(".ada", "The handle .ada can't be used")]
    [InlineData("ada.", "The handle ada. can't be used")]
    [InlineData("a..b", "The handle a..b can't be used")]
    [InlineData("ada!", "The handle ada! can't be used")]
    [InlineData("ad\u200ba", "The handle ad\u200ba can't be used")]
    [InlineData("2026", "The handle 2026 can't be used")]
    [InlineData("аda", "The handle аda mixes letters of different scripts")]
    [InlineData("adα", "The handle adα mixes letters of different scripts")]
    [InlineData("лев김", "The handle лев김 mixes letters of different scripts")]
    [InlineData("김さん", "The handle 김さん mixes letters of different scripts")]
    [InlineData("ㄅさん", "The handle ㄅさん mixes letters of different scripts")]
    [InlineData("\u1160\u1160", "The handle \u1160\u1160 can't be used")]
    [InlineData("ada\u115F", "The handle ada\u115F can't be used")]
    [InlineData("a\u3164da", "The handle a\u3164da can't be used")]
    [InlineData("ad\uFFA0a", "The handle ad\uFFA0a can't be used")]
    [InlineData("ada\u034F", "The handle ada\u034F can't be used")]
    [InlineData("ada\uFE0F", "The handle ada\uFE0F can't be used")]
    [InlineData("room", "The handle room is reserved")]
    [InlineData("r00m", "The handle r00m is reserved")]
    [InlineData("here", "The handle here is reserved")]
    [InlineData("admin", "The handle admin is reserved")]
    [InlineData("모두", "The handle 모두 is reserved")]
    public void A_handle_that_cannot_be_used_is_refused_by_name(string handle, string reason) =>
        Assert.StartsWith(reason, HandleText.FindProblem(handle)?.ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("ADA", "ada")]
    [InlineData("Ａｄａ", "ada")]
    [InlineData("A\u030Asa", "åsa")]
    [InlineData("\u1106\u1175\u11AB\u1109\u116E", "민수")]
    public void A_handle_is_compared_composed_and_in_lower_case(string typed, string key) => Assert.Equal(key, HandleText.KeyOf(typed));

    [Theory]
    [InlineData("Ada Lovelace", "ada-lovelace")]
    [InlineData("김민수", "김민수")]
    [InlineData("민수 (개발팀)", "민수-개발팀")]
    [InlineData("  José  ", "josé")]
    [InlineData("Ada Лавлейс", "ada")]
    [InlineData("김", "김1")]
    [InlineData("🎉", "person")]
    [InlineData("2026", "person")]
    [InlineData("Admin", "admin1")]
    [InlineData("Wolfeschlegelsteinhausenbergerdorff", "wolfeschlegelsteinhause")]
    public void A_handle_is_made_from_a_name(string name, string handle) => Assert.Equal(handle, HandleText.Suggest(name).First());

    [Fact]
    public void Further_suggestions_have_numbers()
    {
        Assert.Equal(["ada", "ada2", "ada3"], HandleText.Suggest("Ada").Take(3));
        Assert.Equal(["person-7", "person-7-2"], HandleText.Suggest("Person 7").Take(2));
    }

    [Fact]
    public void Every_suggestion_can_be_used() => Gen.String.Where(name => PlainText.IsWellFormed(name)).Sample(
        name => HandleText.Suggest(name).All(handle => HandleText.FindProblem(handle) is null && HandleText.KeyOf(handle) == handle), iter: 2_000);

    [Fact]
    public void What_is_stored_without_a_handle_is_no_handle()
    {
        var stored = HandleText.CreateUnassigned();
        var (from, before) = HandleText.UnassignedRange;

        Assert.NotNull(HandleText.FindProblem(stored));
        Assert.InRange(stored.Length, 1, HandleText.MaxStoredLength);
        Assert.True(string.CompareOrdinal(from, stored) <= 0 && string.CompareOrdinal(stored, before) < 0);
    }
}
