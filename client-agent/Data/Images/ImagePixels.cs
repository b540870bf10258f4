using DeepSeek.Federated.Data.Contract;
using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Data.Images;

/// <summary>Reads an array of images into rows of a contract's columns: row-major, channels outermost. Values are as in the file, not yet normalised.</summary>
internal sealed class ImagePixels
{
    private const int MostChannels = 4;
    private readonly DatasetContract _contract;
    private readonly ImageLimits _limits;
    private readonly FaultCount _faults;
    private readonly double[] _least, _most;

    /// <param name="contract">Its columns are all numbers.</param>
    /// <param name="limits">Bounds.</param>
    /// <param name="faults">Counts values that the contract does not allow.</param>
    public ImagePixels(DatasetContract contract, ImageLimits limits, FaultCount faults)
    {
        (_contract, _limits, _faults) = (contract, limits, faults);
        _least = [.. contract.Columns.Cast<FeatureColumn.Number>().Select(c => c.Min)];
        _most = [.. contract.Columns.Cast<FeatureColumn.Number>().Select(c => c.Max)];
    }

    /// <summary>Number and size of the images, by the heading alone.</summary>
    /// <exception cref="ArrayFaultException">Not an array of images that fit the contract.</exception>
    public (long Count, ImageSize Size) Heading(PackedArray array)
    {
        if (array.Shape is not ([_, _, _] or [_, _, _, >= 1 and <= MostChannels])) throw new ArrayFaultException(DatasetFaultKind.WrongArrayShape);
        if (!array.Type.IsPixel()) throw new ArrayFaultException(DatasetFaultKind.WrongArrayType);
        var (height, width, channels) = (array.Shape[1], array.Shape[2], array.Shape is [_, _, _, var last] ? last : 1);
        // Each bounded before they are multiplied, so that no product overflows.
        if (height > _least.Length || width > _least.Length || height * width * channels != _least.Length) throw new ArrayFaultException(DatasetFaultKind.WrongImageSize);
        return (array.Shape[0], new ImageSize((int)channels, (int)height, (int)width));
    }

    /// <summary>Images that one set may have.</summary>
    public long MostImages => Math.Min(_limits.MostImages, _limits.MostValues / Math.Max(1, _least.Length));

    /// <summary>Reads them all.</summary>
    /// <returns>Shape [count, columns], row-major.</returns>
    /// <exception cref="ArrayFaultException">The array is not as its heading says.</exception>
    public float[] Read(PackedArray array, int count, ImageSize size, DatasetPart part, CancellationToken cancellationToken)
    {
        var (columns, element) = (_least.Length, array.Type.Size());
        array.Expect((long)count * columns * element, _limits);
        var pixels = new float[count * columns];
        var image = new byte[columns * element];
        var wrong = new Dictionary<DatasetFaultKind, long[]>();
        for (var i = 0; i < count; i++)
        {
            if (i % 1024 == 0) cancellationToken.ThrowIfCancellationRequested();
            array.Read(image);
            Unpack(image, array.Type, size, pixels.AsSpan(i * columns, columns));
            Check(pixels.AsSpan(i * columns, columns), wrong);
        }
        array.Finish();
        foreach (var (kind, rows) in wrong)
            for (var column = 0; column < columns; column++)
                if (rows[column] > 0) _faults.Add(_contract.Columns[column].Name, kind, rows[column], part);
        return pixels;
    }

    private static void Unpack(ReadOnlySpan<byte> image, ElementType type, ImageSize size, Span<float> row)
    {
        var (element, plane) = (type.Size(), size.Height * size.Width);
        for (var channel = 0; channel < size.Channels; channel++)
            for (var pixel = 0; pixel < plane; pixel++)
                row[channel * plane + pixel] = type.Pixel(image[((pixel * size.Channels + channel) * element)..]);
    }

    private void Check(ReadOnlySpan<float> row, Dictionary<DatasetFaultKind, long[]> wrong)
    {
        for (var column = 0; column < row.Length; column++)
        {
            if (row[column] >= _least[column] && row[column] <= _most[column] && float.IsFinite(row[column])) continue;
            var kind = float.IsNaN(row[column]) ? DatasetFaultKind.MissingValue : float.IsFinite(row[column]) ? DatasetFaultKind.OutOfRange : DatasetFaultKind.NotFinite;
            if (!wrong.TryGetValue(kind, out var rows)) wrong[kind] = rows = new long[row.Length];
            rows[column]++;
        }
    }
}
