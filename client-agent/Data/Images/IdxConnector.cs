using DeepSeek.Federated.Data.Contract;
using DeepSeek.Federated.Domain.Datasets;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Data.Images;

/// <summary>One set of images with their labels.</summary>
/// <param name="Images">IDX file of unsigned bytes, plain or gzip: count × height × width, or with channels last.</param>
/// <param name="Labels">IDX file of unsigned bytes, plain or gzip: count, or count × 1.</param>
public sealed record IdxPair(string Images, string Labels);

/// <summary>Reads images from four IDX files, as MNIST is published. The files say which rows train and which test.</summary>
/// <param name="train">Images to train on.</param>
/// <param name="test">Images to test on.</param>
/// <param name="limits">Bounds on what is read.</param>
/// <remarks>The source that the summary names is the SHA-256 of the four files' digests: training images, training labels, test images, test labels.</remarks>
public sealed class IdxConnector(IdxPair train, IdxPair test, ImageLimits limits) : IDataConnector
{
    /// <summary>As the other, with the usual limits.</summary>
    public IdxConnector(IdxPair train, IdxPair test) : this(train, test, ImageLimits.Usual) { }

    /// <inheritdoc/>
    public Task<DatasetReading> Read(DatasetContract contract, CancellationToken cancellationToken) =>
        Task.Run(() => ReadFiles(contract, cancellationToken), cancellationToken);

    private DatasetReading ReadFiles(DatasetContract contract, CancellationToken cancellationToken)
    {
        var digests = new SortedDictionary<DatasetPart, Digest>();
        return new ImageSets(contract, limits, new FaultCount(contract), cancellationToken).Read(
            part => IdxFile.Open(PathOf(part), digest => digests[part] = digest),
            () => Digest.Of([.. digests.Values.SelectMany(d => d.ToArray())]));
    }

    private string PathOf(DatasetPart part) => part switch
    {
        DatasetPart.TrainImages => train.Images,
        DatasetPart.TrainLabels => train.Labels,
        DatasetPart.TestImages  => test.Images,
        DatasetPart.TestLabels  => test.Labels,
        DatasetPart.Whole       => throw new ArgumentException("No single file holds all.", nameof(part)),
    };
}
