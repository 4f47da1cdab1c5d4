using static BlazorChat.Demo.Drawing.Canvas;

namespace BlazorChat.Demo.Drawing;

internal enum Hair
{
    Short,
    Long,
    Bun,
    Bob,
    Curls,
    Bald,
}

/// <param name="Background"><c>0xRRGGBB</c>, like the others.</param>
internal sealed record Looks(int Background, int Skin, int HairColor, int Clothes, Hair Hair, bool HasGlasses = false, bool HasBeard = false);

/// <summary>The pictures of the demo, drawn when it is filled.</summary>
internal static class Drawings
{
    private const int AvatarSize = 192;

    private static readonly Lazy<byte[]> OneHarbor = new(DrawHarbor);

    public static byte[] Avatar(Looks looks)
    {
        var canvas = new Canvas(AvatarSize, AvatarSize);
        canvas.Fill(Box(0, 0, AvatarSize, AvatarSize), looks.Background);
        DrawHairBehind(canvas, looks);
        canvas.Fill(Ellipse(96, 196, 74, 54), looks.Clothes);
        canvas.Fill(Both(Box(80, 110, 112, 170), Ellipse(96, 140, 20, 30)), Darker(looks.Skin));
        canvas.Fill(Ellipse(96, 92, 40, 48), looks.Skin);
        if (looks.HasBeard)
            canvas.Fill(Both(Ellipse(96, 94, 40, 47), Box(0, 106, AvatarSize, AvatarSize)), looks.HairColor);
        DrawHairBefore(canvas, looks);
        DrawFace(canvas, looks);
        return canvas.EncodePng();
    }

    /// <summary>Sails before the sunset.</summary>
    public static byte[] Harbor() => OneHarbor.Value;

    /// <summary>Bars of eight days, with a line of the mean.</summary>
    public static byte[] Chart()
    {
        const int width = 720, height = 360;
        var canvas = new Canvas(width, height);
        canvas.Fill(Box(0, 0, width, height), 0xFFFFFF);
        for (var i = 0; i < 5; i++)
            canvas.Fill(Box(48, 40 + (i * 65), width - 32, 41 + (i * 65)), 0xE3E7ED);
        int[] values = [92, 118, 104, 141, 166, 158, 214, 243];
        for (var i = 0; i < values.Length; i++)
            canvas.Fill(Box(66 + (i * 78), 300 - values[i], 110 + (i * 78), 300), i == values.Length - 1 ? 0xE4572E : 0x7FA8D1);
        for (var i = 1; i < values.Length; i++)
            canvas.Fill(Line((10 + (i * 78), 286 - values[i - 1]), (88 + (i * 78), 286 - values[i]), 3), 0x24476B);
        canvas.Fill(Box(48, 299, width - 32, 302), 0x5B6675);
        return canvas.EncodePng();
    }

    /// <summary>The custom emoji.</summary>
    public static byte[] Sail()
    {
        var canvas = new Canvas(96, 96);
        Boat(canvas, 48, 72, 0.82f, 0xF2B134, 0x2E86AB);
        return canvas.EncodePng();
    }

    private static byte[] DrawHarbor()
    {
        const int width = 960, height = 540;
        var canvas = new Canvas(width, height);
        canvas.Fill(Box(0, 0, width, height), 0x2B4C7E, 0xF7B267);
        canvas.Fill(Circle(690, 300, 74), 0xFFE3A3);
        canvas.Fill(Polygon((0, 330), (150, 262), (330, 300), (470, 330)), 0x3D4A66);
        canvas.Fill(Polygon((560, 330), (760, 288), (960, 256), (960, 330)), 0x4A4A63);
        canvas.Fill(Box(0, 326, width, height), 0xB5654A, 0x123A5A);
        for (var i = 0; i < 9; i++)
            canvas.Fill(Ellipse(690, 344 + (i * 19), 66 - (i * 5), 2.6f), 0xF9D08B);
        Boat(canvas, 250, 420, 1.5f, 0xF4F1EA, 0xE4572E);
        Boat(canvas, 520, 378, 0.9f, 0xFDF6E3, 0x2E86AB);
        Boat(canvas, 818, 400, 1.15f, 0xF4F1EA, 0x3A7D44);
        return canvas.EncodePng();
    }

    private static void Boat(Canvas canvas, float x, float y, float size, int sail, int hull)
    {
        canvas.Fill(Line((x, y), (x, y - (84 * size)), 3 * size), 0x3B3B3B);
        canvas.Fill(Polygon((x + (4 * size), y - (82 * size)), (x + (44 * size), y - (8 * size)), (x + (4 * size), y - (8 * size))), sail);
        canvas.Fill(Polygon((x - (4 * size), y - (68 * size)), (x - (4 * size), y - (8 * size)), (x - (32 * size), y - (8 * size))), hull);
        canvas.Fill(Polygon((x - (46 * size), y), (x + (52 * size), y), (x + (34 * size), y + (20 * size)), (x - (32 * size), y + (20 * size))), hull);
    }

    private static void DrawHairBehind(Canvas canvas, Looks looks)
    {
        if (looks.Hair is Hair.Long)
            canvas.Fill(Both(Ellipse(96, 110, 56, 78), Box(0, 0, AvatarSize, 172)), looks.HairColor);
        if (looks.Hair is Hair.Bob)
            canvas.Fill(Both(Ellipse(96, 92, 54, 58), Box(0, 0, AvatarSize, 124)), looks.HairColor);
        if (looks.Hair is Hair.Bun)
            canvas.Fill(Circle(96, 34, 22), looks.HairColor);
        if (looks.Hair is not Hair.Curls)
            return;
        for (var i = 0; i < 11; i++)
        {
            var (sin, cos) = MathF.SinCos(MathF.PI * (0.95f + (i * 0.11f)));
            canvas.Fill(Circle(96 + (46 * cos), 78 + (46 * sin), 18), looks.HairColor);
        }
    }

    private static void DrawHairBefore(Canvas canvas, Looks looks)
    {
        if (looks.Hair is Hair.Bald)
            return;
        var fringe = looks.Hair is Hair.Short ? Ellipse(112, 106, 44, 44) : Ellipse(84, 112, 46, 50);
        canvas.Fill(Without(Both(Ellipse(96, 88, 44, 50), Box(0, 0, AvatarSize, 96)), fringe), looks.HairColor);
    }

    private static void DrawFace(Canvas canvas, Looks looks)
    {
        foreach (var x in new[] { 81f, 111f })
        {
            canvas.Fill(Ellipse(x, 96, 4, 5), 0x2A2522);
            if (looks.HasGlasses)
                canvas.Fill(Without(Circle(x, 96, 13), Circle(x, 96, 10.5f)), 0x2A2522);
        }

        if (looks.HasGlasses)
            canvas.Fill(Box(93, 94, 99, 97), 0x2A2522);
        canvas.Fill(Without(Circle(96, 110, 14), Circle(96, 104, 15)), looks.HasBeard ? 0xF1D9CF : 0x8C3B36);
    }

    private static int Darker(int color) => ((color >> 1) & 0x7F7F7F) + ((color >> 2) & 0x3F3F3F) + ((color >> 3) & 0x1F1F1F);
}
