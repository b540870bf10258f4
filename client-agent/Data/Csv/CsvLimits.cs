namespace DeepSeek.Federated.Data.Csv;

/// <summary>How much of a file is read before it is refused: nothing in it decides how much memory is taken.</summary>
/// <param name="MostRows">Data rows; at least 1.</param>
/// <param name="LongestRow">Bytes of a row, its line breaks within quotes included; at least 1. A row that lies in the read buffer whole may be longer.</param>
public sealed record CsvLimits(long MostRows, int LongestRow)
{
    /// <summary>50 million rows of at most 4 MiB.</summary>
    public static CsvLimits Usual { get; } = new(50_000_000, 4 * 1024 * 1024);
}
