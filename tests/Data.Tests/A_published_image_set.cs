using DeepSeek.Federated.Data.Images;
using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Data.Tests;

public sealed class A_published_image_set
{
    private static readonly Normalisation Mnist = new Normalisation.Fixed(0.1307 * 255, 0.3081 * 255);

    private static DatasetContract Contract(int classes) => ImageFiles.Of(784, Mnist) with
    {
        Label = new LabelColumn.Classes("digit", [.. Enumerable.Range(0, classes).Select(i => $"{i}")], MissingRule.Refuse),
    };

    [Fact]
    public async Task of_MNIST_is_read_whole_and_normalised_by_its_published_constants()
    {
        var raw = Path.Combine(RealData.Folder("mnist"), "raw");
        IdxPair Pair(string set) => new(Path.Combine(raw, $"{set}-images-idx3-ubyte.gz"), Path.Combine(raw, $"{set}-labels-idx1-ubyte.gz"));
        var ready = ImageFiles.Ready(await new IdxConnector(Pair("train"), Pair("t10k")).Read(Contract(10), CancellationToken.None));

        Assert.Equal((60_000, 10_000, new ImageSize(1, 28, 28)), (ready.Summary.TrainRows, ready.Summary.TestRows, ready.Summary.Image));
        Assert.Equal([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], ready.Examples.Train.Labels.CountBy(l => l).OrderBy(c => c.Key).Select(c => c.Value));
        Assert.Equal([5, 0, 4, 1, 9, 2, 1, 3, 1, 4], ready.Examples.Train.Labels[..10]);
        Assert.Equal([7, 2, 1, 0, 4, 1, 4, 9, 5, 9], ready.Examples.Test.Labels[..10]);
        // The constants are those of these very rows: mean 0 and deviation 1, up to their four digits.
        var (mean, square) = (ready.Examples.Train.Features.Average(x => (double)x), ready.Examples.Train.Features.Average(x => (double)x * x));
        Assert.Equal(0, mean, 1e-3);
        Assert.Equal(1, Math.Sqrt(square - mean * mean), 1e-3);
        Assert.Equal((float)(-0.1307 / 0.3081), ready.Examples.Train.Features.Min(), 1e-6f);
        Assert.Equal((float)((1 - 0.1307) / 0.3081), ready.Examples.Train.Features.Max(), 1e-6f);
    }

    [Fact]
    public async Task of_MedMNIST_is_read_by_the_names_of_its_arrays()
    {
        var path = Path.Combine(RealData.Folder("pneumoniamnist"), "pneumoniamnist_reassembled.npz");
        var ill = Contract(2) with { Label = new LabelColumn.Binary("ill", 0, MissingRule.Refuse) };
        var ready = ImageFiles.Ready(await new NpzConnector(path, NpzArrays.Usual).Read(ill, CancellationToken.None));

        Assert.Equal((4708, 624, new ImageSize(1, 28, 28)), (ready.Summary.TrainRows, ready.Summary.TestRows, ready.Summary.Image));
        Assert.Equal(3494.0 / 4708, ready.Summary.PositiveShare);
        Assert.Equal("83e513df85a975599d2ffa8ff9de15dd5d78008b6fe88f326feed6cb46f0aed2", ready.Summary.Source.ToString());
        var validation = ImageFiles.Ready(await new NpzConnector(path, NpzArrays.Usual with { TestImages = "val_images", TestLabels = "val_labels" }).Read(ill, CancellationToken.None));
        Assert.Equal(524, validation.Examples.Test.Count);
    }
}
