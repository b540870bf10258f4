namespace DeepSeek.Federated.Data.Images;

/// <summary>How much of image files is read before they are refused: nothing in them decides how much memory is taken.</summary>
/// <param name="MostImages">Images of one set, training or test; at least 1.</param>
/// <param name="MostValues">Values of one set; 1 to 2^29 - 1, below 2 GiB of single precision.</param>
/// <param name="MostRatio">Bytes that a packed byte may unpack to, beyond <paramref name="Unquestioned"/>; at least 1.</param>
/// <param name="Unquestioned">Bytes that an array may unpack to whatever its packed size; at least 0. Labels of one class pack to next to nothing.</param>
public sealed record ImageLimits(long MostImages, long MostValues, int MostRatio, long Unquestioned)
{
    /// <summary>50 million images, 2^29 - 1 values, a hundredfold beyond 16 MiB.</summary>
    public static ImageLimits Usual { get; } = new(50_000_000, (1L << 29) - 1, 100, 16 * 1024 * 1024);
}
