using System.Globalization;

namespace DeepSeek.Federated.Data.Contract;

/// <summary>What the text of one cell means.</summary>
internal static class Cells
{
    public static bool IsMissing(ReadOnlySpan<char> cell) =>
        cell.IsEmpty || cell is "?" || cell.Equals("NA", StringComparison.OrdinalIgnoreCase) || cell.Equals("NaN", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a decimal number; null when it is a finite one, else what is wrong with it.</summary>
    public static DatasetFaultKind? ReadNumber(ReadOnlySpan<char> cell, out double number) =>
        !double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out number) ? DatasetFaultKind.NotANumber
        : double.IsFinite(number) ? null
        : DatasetFaultKind.NotFinite;
}
