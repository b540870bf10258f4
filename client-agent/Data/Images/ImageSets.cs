using DeepSeek.Federated.Data.Contract;
using DeepSeek.Federated.Domain.Datasets;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Data.Images;

/// <summary>Presents two sets of images and labels, training and test, to a contract, whatever files they lie in. Everything wrong becomes a fault.</summary>
/// <remarks>
/// A heading is checked against the contract and the limits before memory is taken; then the values go straight into one array a set. An image
/// is whole: a value that is no number is a fault whatever the contract says of missing ones.
/// </remarks>
internal sealed class ImageSets(DatasetContract contract, ImageLimits limits, FaultCount faults, CancellationToken cancellationToken)
{
    /// <summary>Reads both sets.</summary>
    /// <param name="open">Opens one of the four arrays; may throw as <see cref="Guarded"/> says.</param>
    /// <param name="source">Names what was read, once all of it was.</param>
    public DatasetReading Read(Func<DatasetPart, PackedArray> open, Func<Digest> source)
    {
        if (contract.Split is not SplitRule.ByColumn) faults.Add(null, DatasetFaultKind.SplitByFiles, 0);
        foreach (var column in contract.Columns.Where(c => c is not FeatureColumn.Number)) faults.Add(column.Name, DatasetFaultKind.NotAPixel, 0);
        if (faults.Any) return faults.Refuse();

        var train = Set(DatasetPart.TrainImages, DatasetPart.TrainLabels, open);
        var test = Set(DatasetPart.TestImages, DatasetPart.TestLabels, open);
        if (train is { } a && test is { } b && a.Size != b.Size) faults.Add(null, DatasetFaultKind.WrongImageSize, 0, DatasetPart.TestImages);
        if (train is { } enough && !faults.Any && enough.Examples.Count < Math.Max(1, contract.MinimumRows)) faults.Add(null, DatasetFaultKind.TooFewRows, enough.Examples.Count);
        if (faults.Any || train is null || test is null) return faults.Refuse();

        Normalise(train.Value.Examples, test.Value.Examples);
        return faults.Any ? faults.Refuse() : Ready(train.Value.Examples, test.Value.Examples, train.Value.Size, source());
    }

    /// <summary>Does <paramref name="read"/>; what the file system, the packing or the format says against it is counted.</summary>
    public static T? Guarded<T>(FaultCount faults, DatasetPart part, Func<T?> read)
    {
        DatasetFaultKind kind;
        try
        {
            return read();
        }
        catch (ArrayFaultException wrong)
        {
            kind = wrong.Kind;
        }
        catch (InvalidDataException)
        {
            kind = DatasetFaultKind.Damaged;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            kind = DatasetFaultKind.FileMissing;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            kind = DatasetFaultKind.FileUnreadable;
        }
        faults.Add(null, kind, 0, part);
        return default;
    }

    private (Examples Examples, ImageSize Size)? Set(DatasetPart images, DatasetPart labels, Func<DatasetPart, PackedArray> open)
    {
        using var pictures = Guarded(faults, images, () => open(images));
        using var answers = Guarded(faults, labels, () => open(labels));
        if (pictures is null || answers is null) return null;
        var (pixels, classes) = (new ImagePixels(contract, limits, faults), new ImageLabels(contract, limits, faults));
        var heading = Guarded<(long Count, ImageSize Size)?>(faults, images, () => pixels.Heading(pictures));
        var count = Guarded<long?>(faults, labels, () => ImageLabels.Count(answers));
        if (heading is not { } of || count is null) return null;
        if (of.Count != count) faults.Add(null, DatasetFaultKind.CountsDiffer, 0, labels);
        else if (of.Count > pixels.MostImages) faults.Add(null, DatasetFaultKind.FileTooLarge, pixels.MostImages, images);
        else
        {
            var known = Guarded(faults, labels, () => classes.Read(answers, (int)of.Count, labels));
            var values = known is null ? null : Guarded(faults, images, () => pixels.Read(pictures, (int)of.Count, of.Size, images, cancellationToken));
            if (values is not null) return (new Examples((int)of.Count, contract.FeatureCount, values, known!), of.Size);
        }
        return null;
    }

    /// <summary>In place, by the very arithmetic that tables meet.</summary>
    private void Normalise(Examples train, Examples test)
    {
        var (statistics, row) = (new ColumnStatistics(contract), new double[contract.FeatureCount]);
        if (contract.Columns.Any(c => c is FeatureColumn.Number { Normalise: Normalisation.OwnRows }))
            for (var i = 0; i < train.Count; i++) statistics.Add(Widened(train, i, row));
        foreach (var (examples, part) in new[] { (train, DatasetPart.TrainImages), (test, DatasetPart.TestImages) })
            for (var i = 0; i < examples.Count; i++)
            {
                var bad = statistics.Write(Widened(examples, i, row), examples.Features.AsSpan(i * examples.Width, examples.Width));
                if (bad >= 0) faults.Add(contract.Columns[bad].Name, DatasetFaultKind.OutOfRange, 1, part);
            }
    }

    private double[] Widened(Examples examples, int index, double[] into)
    {
        if (index % 1024 == 0) cancellationToken.ThrowIfCancellationRequested();
        var from = examples.Row(index);
        for (var i = 0; i < into.Length; i++) into[i] = from[i];
        return into;
    }

    private DatasetReading.Ready Ready(Examples train, Examples test, ImageSize size, Digest source) => new(
        new SplitExamples(train, test),
        new DatasetSummary(train.Count, test.Count, 0, contract.Label is LabelColumn.Binary ? train.Labels.Average() : null, source, size));
}
