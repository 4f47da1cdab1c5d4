namespace BlazorChat.Tests.Browser.Rooms.Composing;

/// <summary>Which texts begin with a command, and which are prose.</summary>
public sealed class CommandTextTests(ScriptPage script) : IClassFixture<ScriptPage>
{
    private const string Module = "js/composing/commands.js";

    private static readonly string[] Messages = ["me"];

    [Theory]
    [InlineData("/topic", "topic", "")]
    [InlineData("/topic ", "topic", "")]
    [InlineData("/topic  New\ntopic ", "topic", "New\ntopic")]
    [InlineData("/상태 점심", "상태", "점심")]
    [InlineData("/usr/bin is a path", null, null)]
    [InlineData("/usr/", null, null)]
    [InlineData("/", null, null)]
    [InlineData("/ topic", null, null)]
    [InlineData("//topic x", null, null)]
    [InlineData(" /topic x", null, null)]
    [InlineData("/1 of 2", null, null)]
    [InlineData("/r, please", null, null)]
    [InlineData("and/or", null, null)]
    public async Task A_command_is_a_slash_and_a_word(string text, string? name, string? argument)
    {
        var read = await script.CallAsync(Module, "readCommand", text);

        Assert.Equal(name, read?.GetProperty("name").GetString());
        Assert.Equal(argument, read?.GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("//topic x", "/topic x")]
    [InlineData("//topic", "/topic")]
    [InlineData("//me waves", @"\/me waves")]
    [InlineData("// a comment", "// a comment")]
    [InlineData("//server/share", "//server/share")]
    [InlineData("///", "///")]
    [InlineData("/me waves", "/me waves")]
    public async Task Two_slashes_stand_for_one(string text, string sent)
    {
        Assert.Equal(sent, (await script.CallAsync(Module, "unescaped", text, Messages))?.GetString());
        // A message that is taken back is written as it was, or means the same.
        var again = (await script.CallAsync(Module, "escapedAgain", sent, Messages))?.GetString();
        Assert.Equal(sent, (await script.CallAsync(Module, "unescaped", again, Messages))?.GetString());
    }
}
