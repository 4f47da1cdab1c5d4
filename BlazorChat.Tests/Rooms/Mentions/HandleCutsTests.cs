using BlazorChat.Rooms.Mentions;

namespace BlazorChat.Tests.Rooms.Mentions;

public sealed class HandleCutsTests
{
    [Theory]
    [InlineData("minsu", "minsu")]
    [InlineData("minsu님", "minsu님 minsu")]
    [InlineData("minsu.kim", "minsu.kim")]
    [InlineData("민수가", "민수가 민수")]
    [InlineData("민수님께서는", "민수님께서는 민수님께서 민수님 민수")]
    [InlineData("민수씨한테", "민수씨한테 민수씨 민수")]
    [InlineData("지은", "지은 지")]
    [InlineData("민수진", "민수진")]
    [InlineData("민수kim", "민수kim")]
    [InlineData("田中さん", "田中さん 田中 田")]
    [InlineData("たなかさんは明日", "たなかさんは明日 たなかさんは明 たなかさんは たなかさん たなか")]
    [InlineData("王明请看", "王明请看 王明请 王明 王")]
    [InlineData("ada2は", "ada2は ada2")]
    [InlineData("room에서", "room에서 room")]
    public void Beginnings_that_may_be_handles_come_longest_first(string text, string expected) => Assert.Equal(expected.Split(' '), HandleCuts.Of(text));
}
