using DeepSeek.Federated.Data.Contract;
using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Data.Images;

/// <summary>Names of the four arrays of an NPZ file, without <c>.npy</c>.</summary>
/// <param name="TrainImages">uint8, uint16 or float32; count × height × width, or with channels last.</param>
/// <param name="TrainLabels">Integers; count, or count × 1.</param>
/// <param name="TestImages">As those to train on.</param>
/// <param name="TestLabels">As those to train on.</param>
public sealed record NpzArrays(string TrainImages, string TrainLabels, string TestImages, string TestLabels)
{
    /// <summary>As MedMNIST names them.</summary>
    public static NpzArrays Usual { get; } = new("train_images", "train_labels", "test_images", "test_labels");
}

/// <summary>Reads images from one NPZ file, as MedMNIST is published. The arrays say which rows train and which test.</summary>
/// <param name="path">The file, on this machine.</param>
/// <param name="arrays">Which of its arrays.</param>
/// <param name="limits">Bounds on what is read.</param>
public sealed class NpzConnector(string path, NpzArrays arrays, ImageLimits limits) : IDataConnector
{
    /// <summary>As the other, with the usual limits.</summary>
    public NpzConnector(string path, NpzArrays arrays) : this(path, arrays, ImageLimits.Usual) { }

    /// <inheritdoc/>
    public Task<DatasetReading> Read(DatasetContract contract, CancellationToken cancellationToken) =>
        Task.Run(() => ReadFile(contract, cancellationToken), cancellationToken);

    private DatasetReading ReadFile(DatasetContract contract, CancellationToken cancellationToken)
    {
        var faults = new FaultCount(contract);
        using var file = ImageSets.Guarded(faults, DatasetPart.Whole, () => new NpzFile(path));
        return file is null ? faults.Refuse() : new ImageSets(contract, limits, faults, cancellationToken).Read(part => file.Open(NameOf(part)), () => file.Source);
    }

    private string NameOf(DatasetPart part) => part switch
    {
        DatasetPart.TrainImages => arrays.TrainImages,
        DatasetPart.TrainLabels => arrays.TrainLabels,
        DatasetPart.TestImages  => arrays.TestImages,
        DatasetPart.TestLabels  => arrays.TestLabels,
        DatasetPart.Whole       => throw new ArgumentException("No single array holds all.", nameof(part)),
    };
}
