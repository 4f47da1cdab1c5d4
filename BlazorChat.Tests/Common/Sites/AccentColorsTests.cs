using System.Text.RegularExpressions;
using BlazorChat.Common.Sites;

namespace BlazorChat.Tests.Common.Sites;

public sealed class AccentColorsTests
{
    [Theory]
    [InlineData("#4338ca", true)]
    [InlineData("#000000", true)]
    [InlineData("#0a7d5a", false)]
    [InlineData("#c2185b", true)]
    [InlineData("#ffff00", false)]
    [InlineData("#808080", false)]
    public void A_color_is_readable_when_texts_have_enough_contrast_in_the_light_theme(string color, bool isReadable)
    {
        var accent = SiteColor.Parse(color);

        Assert.Equal(isReadable, AccentColors.IsReadable(accent));
        Assert.True(AccentColors.IsReadable(AccentColors.Nearest(accent)));
        Assert.Equal(isReadable, AccentColors.Nearest(accent) == accent);
    }

    [Fact]
    public void Every_readable_color_is_readable_in_both_themes_and_on_all_its_surfaces()
    {
        var theme = File.ReadAllText(Path.Combine(Node.Repository, "wwwroot", "css", "theme.css"));
        string[] surfaces = ["--bc-bg", "--bc-surface", "--bc-raised", "--bc-hover"];
        var tried = 0;
        for (var red = 0; red < 256; red += 51)
        {
            for (var green = 0; green < 256; green += 51)
            {
                for (var blue = 0; blue < 256; blue += 51)
                {
                    var css = AccentColors.ToCss(AccentColors.Nearest(new SiteColor((byte)red, (byte)green, (byte)blue)));
                    foreach (var surface in surfaces)
                    {
                        AssertContrast(Pair(css, "--bc-accent"), Pair(theme, surface));
                        AssertContrast(Pair(css, "--bc-mention"), Pair(theme, surface));
                    }

                    AssertContrast(Pair(css, "--bc-on-accent"), Pair(css, "--bc-accent"));
                    AssertContrast(Pair(css, "--bc-on-accent"), Pair(css, "--mud-palette-primary-darken"));
                    AssertContrast(Pair(css, "--bc-mention"), Pair(css, "--bc-mention-bg"));
                    AssertContrast(Pair(theme, "--bc-text"), Pair(css, "--bc-mention-bg"));
                    tried++;
                }
            }
        }

        Assert.Equal(216, tried);
    }

    [Fact]
    public void Only_six_digits_are_a_color_and_a_ratio_is_rounded_down()
    {
        Assert.All(new[] { null, "", "4338ca", "#fff", "#4338cg", "#4338ca\n", "red", "#4338ca80" }, text => Assert.Null(SiteColor.TryParse(text)));
        Assert.Equal("#4338ca", SiteColor.Parse("#4338CA").ToString());
        Assert.Equal(21, SiteColor.White.ContrastWith(SiteColor.Black), 3);
        Assert.Equal("4.4", AccentColors.Format(4.499));
    }

    private static (SiteColor Light, SiteColor Dark) Pair(string css, string name)
    {
        var found = Regex.Match(css, $@"{name}: light-dark\((#\w+), (#\w+)\)");
        Assert.True(found.Success, name);
        return (SiteColor.Parse(found.Groups[1].Value), SiteColor.Parse(found.Groups[2].Value));
    }

    private static void AssertContrast((SiteColor Light, SiteColor Dark) text, (SiteColor Light, SiteColor Dark) surface)
    {
        Assert.True(text.Light.ContrastWith(surface.Light) >= AccentColors.MinContrast, $"{text.Light} on {surface.Light}");
        Assert.True(text.Dark.ContrastWith(surface.Dark) >= AccentColors.MinContrast, $"{text.Dark} on {surface.Dark}");
    }
}
