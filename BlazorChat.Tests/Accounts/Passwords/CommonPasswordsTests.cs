using BlazorChat.Accounts.Passwords;

namespace BlazorChat.Tests.Accounts.Passwords;

public sealed class CommonPasswordsTests
{
    [Theory]
    [InlineData("password")]
    [InlineData("Password1!")]
    [InlineData("P@ssw0rd2026")]
    [InlineData("iloveyou")]
    [InlineData("12345678")]
    [InlineData("0987654321")]
    [InlineData("qwertyuiop")]
    [InlineData("qwer1234")]
    [InlineData("1qaz2wsx")]
    [InlineData("abcdefgh")]
    [InlineData("aaaaaaaa")]
    [InlineData("passpass")]
    [InlineData("12121212")]
    [InlineData("dkssudgktpdy")]
    [InlineData("비밀번호1234")]
    [InlineData("사랑해사랑해사랑해")]
    public void A7_A_common_password_is_refused(string password) =>
        Assert.Contains("common", PasswordRules.FindProblem(password)?.ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("correct horse battery")]
    [InlineData("another password")]
    [InlineData("my password is long")]
    [InlineData("8 spaces")]
    [InlineData("한글로만든암호야")]
    [InlineData("🦊🐢🌋🎻🧵🥝🪁🧭")]
    [InlineData("tr0ub4dor&3x")]
    public void A7_Any_other_password_is_allowed(string password) => Assert.Null(PasswordRules.FindProblem(password));

    [Fact]
    public void A7_A_password_has_8_to_256_Unicode_characters()
    {
        const string fox = "🦊";

        Assert.NotNull(PasswordRules.FindProblem("seven 7"));
        Assert.NotNull(PasswordRules.FindProblem(string.Concat(Enumerable.Repeat(fox, 7))));
        Assert.Null(PasswordRules.FindProblem(Text(256)));
        Assert.NotNull(PasswordRules.FindProblem(Text(257)));

        static string Text(int length) => string.Concat(Enumerable.Range(0, length).Select(i => i % 7 == 0 ? fox : $"{(char)('a' + (i * i % 26))}"));
    }
}
