namespace DeepSeek.Federated.Sandbox.Data;

/// <summary>Draws one digit as a pen would: a line of few points, moved and slanted a little, of some thickness, on noise.</summary>
internal static class SyntheticDigit
{
    /// <summary>Each digit's line: x to the right, y down, in hundredths of the digit's box.</summary>
    private static readonly (int X, int Y)[][] Lines =
    [
        [(50, 5), (78, 25), (80, 60), (62, 92), (38, 92), (20, 60), (22, 25), (50, 5)],
        [(32, 28), (54, 8), (54, 92)],
        [(20, 30), (35, 10), (65, 10), (80, 30), (70, 50), (20, 90), (82, 90)],
        [(20, 15), (60, 10), (75, 30), (45, 48), (80, 70), (60, 90), (20, 85)],
        [(65, 92), (65, 8), (18, 65), (86, 65)],
        [(76, 10), (30, 10), (26, 45), (60, 42), (80, 65), (60, 90), (20, 85)],
        [(70, 8), (38, 38), (24, 70), (48, 92), (75, 72), (52, 52), (28, 66)],
        [(18, 10), (82, 10), (44, 92)],
        [(50, 48), (28, 30), (50, 8), (72, 30), (50, 48), (24, 70), (50, 92), (76, 70), (50, 48)],
        [(73, 34), (50, 50), (26, 30), (50, 8), (73, 34), (64, 92)],
    ];

    /// <summary>Draws it.</summary>
    /// <param name="digit">0 to 9.</param>
    /// <param name="dice">Everything random.</param>
    /// <param name="image">Receives the grey values, 0 the paper; shape [28, 28], row-major.</param>
    public static void Draw(int digit, Dice dice, Span<byte> image)
    {
        var (turn, slant, wide, high) = (dice.Normal(0, 0.1), dice.Normal(0, 0.15), 15 + 5 * dice.Uniform(), 17 + 5 * dice.Uniform());
        var (right, down) = (IdxSet.Side / 2.0 + dice.Normal(0, 1), IdxSet.Side / 2.0 + dice.Normal(0, 1));
        var (thickness, ink) = (0.8 + 0.9 * dice.Uniform(), 190 + 65 * dice.Uniform());
        var points = Lines[digit].Select(p =>
        {
            var (x, y) = ((p.X / 100.0 - 0.5 + dice.Normal(0, 0.025)) * wide, (p.Y / 100.0 - 0.5 + dice.Normal(0, 0.025)) * high);
            x -= slant * y;
            return (X: right + x * Math.Cos(turn) - y * Math.Sin(turn), Y: down + x * Math.Sin(turn) + y * Math.Cos(turn));
        }).ToArray();
        for (var pixel = 0; pixel < image.Length; pixel++)
        {
            var (x, y) = (pixel % IdxSet.Side + 0.5, pixel / IdxSet.Side + 0.5);
            var near = double.MaxValue;
            for (var i = 1; i < points.Length; i++) near = Math.Min(near, SquaredDistance(x, y, points[i - 1], points[i]));
            image[pixel] = (byte)Math.Clamp(ink * Math.Clamp(thickness + 0.5 - Math.Sqrt(near), 0, 1) + 40 * (dice.Uniform() - 0.5), 0, 255);
        }
    }

    private static double SquaredDistance(double x, double y, (double X, double Y) from, (double X, double Y) to)
    {
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        var along = Math.Clamp(((x - from.X) * dx + (y - from.Y) * dy) / Math.Max(1e-12, dx * dx + dy * dy), 0, 1);
        var (offX, offY) = (x - from.X - along * dx, y - from.Y - along * dy);
        return offX * offX + offY * offY;
    }
}
