using BlazorChat.Demo.Scenes;
using BlazorChat.Demo.Team;

namespace BlazorChat.Tests.Demo;

public sealed class SceneReaderTests
{
    private static readonly DateTimeOffset Now = new(2030, 3, 31, 3, 30, 0, TimeSpan.Zero);

    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public void Every_line_has_a_known_author_and_a_time_that_has_passed()
    {
        var people = DemoTeam.All.Select(person => person.Key).ToHashSet();
        var scenes = SceneReader.ReadAll(Now, Zone);

        Assert.InRange(scenes.Count, 8, 30);
        Assert.All(scenes.SelectMany(scene => scene.People), key => Assert.Contains(key, people));
        Assert.All(scenes, scene => Assert.All(
            scene.Lines.Concat(scene.Talks.SelectMany(talk => talk)), line => Assert.Contains(line.Author, scene.People)));
        Assert.All(scenes.SelectMany(scene => scene.Lines), line => Assert.InRange(line.At, Now.AddDays(-11), Now));
    }

    [Fact]
    public void A_scene_is_read_with_its_heads_replies_and_deeds()
    {
        var scene = new SceneReader(Now, Zone).Read(
            "tea", "name Tea\npeople nora sam\n@ 1d 09:00\nnora: one\n|\n|   two\n  + 👍 sam nora\n> sam: three\n>> sam: four\n--\nsam: later");

        Assert.Equal("Tea", scene.Name);
        Assert.Equal(["one\n\n  two", "three", "four"], scene.Lines.Select(line => line.Text));
        Assert.Equal([null, scene.Lines[0], scene.Lines[0]], scene.Lines.Select(line => line.Root));
        Assert.Equal([true, false, true], scene.Lines.Select(line => line.IsInRoom));
        Assert.Equal(new DateTimeOffset(2030, 3, 30, 8, 0, 0, TimeSpan.Zero), scene.Lines[0].At);
        Assert.Equal(["👍", "sam", "nora"], Assert.Single(scene.Lines[0].Deeds).Words);
        Assert.Equal("later", Assert.Single(Assert.Single(scene.Talks)).Text);
    }

    [Theory]
    [InlineData("name Tea\nnora: one\n  dance")]
    [InlineData("name Tea\n| no message before")]
    [InlineData("name Tea\nnora: one\nno colon")]
    public void A_line_without_a_meaning_is_named(string text) =>
        Assert.Contains("The scene tea has a line", Assert.Throws<InvalidDataException>(() => new SceneReader(Now, Zone).Read("tea", text)).Message, StringComparison.Ordinal);
}
