using NetVips;

namespace BlazorChat.Demo.Drawing;

/// <summary>A shape, as the distance of a point to its edge in pixels, negative within it, and the box that it is in.</summary>
internal readonly record struct Shape(Func<float, float, float> Distance, float Left, float Top, float Right, float Bottom);

/// <summary>Draws filled shapes with smooth edges.</summary>
internal sealed class Canvas(int width, int height)
{
    private readonly byte[] _pixels = new byte[width * height * 4];

    public static Shape Circle(float x, float y, float radius) => Ellipse(x, y, radius, radius);

    public static Shape Ellipse(float x, float y, float radiusX, float radiusY) => new(
        (px, py) =>
        {
            var (dx, dy) = ((px - x) / radiusX, (py - y) / radiusY);
            return (MathF.Sqrt((dx * dx) + (dy * dy)) - 1) * MathF.Min(radiusX, radiusY);
        },
        x - radiusX,
        y - radiusY,
        x + radiusX,
        y + radiusY);

    public static Shape Box(float left, float top, float right, float bottom) => new(
        (px, py) => MathF.Max(MathF.Max(left - px, px - right), MathF.Max(top - py, py - bottom)), left, top, right, bottom);

    /// <summary>A convex polygon, whose corners go around clockwise.</summary>
    public static Shape Polygon(params (float X, float Y)[] corners) => new(
        (px, py) =>
        {
            var distance = float.MinValue;
            for (var i = 0; i < corners.Length; i++)
            {
                var (from, to) = (corners[i], corners[(i + 1) % corners.Length]);
                var (dx, dy) = (to.X - from.X, to.Y - from.Y);
                distance = MathF.Max(distance, (((px - from.X) * dy) - ((py - from.Y) * dx)) / MathF.Sqrt((dx * dx) + (dy * dy)));
            }

            return distance;
        },
        corners.Min(corner => corner.X),
        corners.Min(corner => corner.Y),
        corners.Max(corner => corner.X),
        corners.Max(corner => corner.Y));

    public static Shape Line((float X, float Y) from, (float X, float Y) to, float thickness) => new(
        (px, py) =>
        {
            var (dx, dy) = (to.X - from.X, to.Y - from.Y);
            var along = Math.Clamp((((px - from.X) * dx) + ((py - from.Y) * dy)) / ((dx * dx) + (dy * dy)), 0, 1);
            var (x, y) = (px - from.X - (along * dx), py - from.Y - (along * dy));
            return MathF.Sqrt((x * x) + (y * y)) - (thickness / 2);
        },
        MathF.Min(from.X, to.X) - thickness,
        MathF.Min(from.Y, to.Y) - thickness,
        MathF.Max(from.X, to.X) + thickness,
        MathF.Max(from.Y, to.Y) + thickness);

    public static Shape Both(Shape one, Shape other) => one with { Distance = (x, y) => MathF.Max(one.Distance(x, y), other.Distance(x, y)) };

    public static Shape Without(Shape one, Shape other) => one with { Distance = (x, y) => MathF.Max(one.Distance(x, y), -other.Distance(x, y)) };

    /// <param name="color"><c>0xRRGGBB</c>.</param>
    public void Fill(Shape shape, int color) => Fill(shape, color, color);

    /// <summary>Fills a shape with colors from the top of the canvas to its bottom.</summary>
    public void Fill(Shape shape, int top, int bottom)
    {
        var (left, right) = ((int)MathF.Max(shape.Left - 1, 0), (int)MathF.Min(shape.Right + 2, width));
        var (first, last) = ((int)MathF.Max(shape.Top - 1, 0), (int)MathF.Min(shape.Bottom + 2, height));
        for (var y = first; y < last; y++)
        {
            var color = Mix(top, bottom, (float)y / height);
            for (var x = left; x < right; x++)
            {
                var cover = Math.Clamp(0.5f - shape.Distance(x + 0.5f, y + 0.5f), 0, 1);
                if (cover > 0)
                    Paint(((y * width) + x) * 4, color, cover);
            }
        }
    }

    public byte[] EncodePng()
    {
        using var image = Image.NewFromMemory(_pixels, width, height, 4, Enums.BandFormat.Uchar);
        return image.PngsaveBuffer(compression: 9);
    }

    private void Paint(int at, int color, float cover)
    {
        var alpha = _pixels[at + 3] / 255f;
        var sum = cover + (alpha * (1 - cover));
        for (var band = 0; band < 3; band++)
        {
            var value = (color >> (16 - (8 * band))) & 0xFF;
            _pixels[at + band] = (byte)(((value * cover) + (_pixels[at + band] * alpha * (1 - cover))) / sum);
        }

        _pixels[at + 3] = (byte)MathF.Round(sum * 255);
    }

    private static int Mix(int one, int other, float share)
    {
        if (one == other)
            return one;
        var mixed = 0;
        for (var shift = 16; shift >= 0; shift -= 8)
            mixed |= (int)((((one >> shift) & 0xFF) * (1 - share)) + (((other >> shift) & 0xFF) * share)) << shift;
        return mixed;
    }
}
