using DeepSeek.Federated.Agent.Rounds;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Data.Images;
using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Agent.Tests.Rounds;

public sealed class A_data_file : IDisposable
{
    private static readonly DatasetContract Digits = new(
        "digits", [new FeatureColumn.Number("pixel0", 0, 255, false, MissingRule.Refuse)], new LabelColumn.Classes("digit", ["0", "1"], MissingRule.Refuse),
        new SplitRule.ByColumn("set", "train", "test"), 1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("data-file-");

    public void Dispose() => _folder.Delete(recursive: true);

    private DataSource? Locate(string entry, out string why, params string[] files)
    {
        var directory = new SiteDirectory(_folder.FullName);
        File.WriteAllText(directory.Data, $"apiVersion: federated.deepseek.com/v1\nkind: SiteData\nspec: {{datasets: [{entry}]}}\n");
        foreach (var file in files) File.WriteAllText(At(file), "");
        using var data = new SiteData(directory);
        return data.Locate(Digits, out why);
    }

    private string At(string file) => Path.Combine(_folder.FullName, file);

    [Fact]
    public void names_a_table_four_IDX_files_or_an_archive()
    {
        Assert.Equal(new DataSource.Csv("digits", At("a")), Locate("{name: digits, connector: csv, path: a}", out _, "a"));
        Assert.Equal(
            new DataSource.Idx("digits", new(At("a"), At("b")), new(At("c"), At("d"))),
            Locate("{name: digits, connector: idx, train: {images: a, labels: b}, test: {images: c, labels: d}}", out _, "a", "b", "c", "d"));
        Assert.Equal(new DataSource.Npz("digits", At("a"), NpzArrays.Usual), Locate("{name: digits, connector: npz, path: a}", out _, "a"));
        Assert.Equal(
            new DataSource.Npz("digits", At("a"), new("x", "train_labels", "test_images", "y")),
            Locate("{name: digits, connector: npz, path: a, trainImages: x, testLabels: y}", out _, "a"));
    }

    [Theory]
    [InlineData("{name: digits, connector: idx, train: {images: a, label: b}, test: {images: c, labels: d}}", "spec.datasets[0].train.label: unknown key; known here: images, labels.")]
    [InlineData("{name: digits, connector: idx, train: {images: a, labels: b}}", "spec.datasets[0].test.images: is required.")]
    [InlineData("{name: digits, connector: idx, path: a, train: {images: a, labels: b}, test: {images: c, labels: d}}", "spec.datasets[0].path: unknown key; known here: connector, name, test, train.")]
    [InlineData("{name: digits, connector: npz, path: a, images: x}", "spec.datasets[0].images: unknown key; known here: connector, name, path, testImages, testLabels, trainImages, trainLabels.")]
    [InlineData("{name: digits, connector: csv, path: a, trainImages: x}", "spec.datasets[0].trainImages: unknown key; known here: connector, name, path.")]
    [InlineData("{name: digits, connector: csv}", "spec.datasets[0].path: is required.")]
    [InlineData("{name: digits, connector: dicom, path: a}", "spec.datasets[0].connector: 'dicom' is not a connector of this version; known: csv, transactions, idx, npz.")]
    [InlineData("{name: digits, path: a}", "spec.datasets[0].connector: is required.")]
    public void is_refused_with_the_path_of_each_fault(string entry, string fault)
    {
        Assert.Null(Locate(entry, out var why, "a", "b", "c", "d"));
        Assert.Contains(fault, why, StringComparison.Ordinal);
    }

    [Fact]
    public void says_which_of_several_files_is_not_there()
    {
        Assert.Null(Locate("{name: digits, connector: idx, train: {images: a, labels: b}, test: {images: c, labels: d}}", out var why, "a", "b", "d"));
        Assert.Equal($"The dataset 'digits' should lie at '{At("c")}', and there is no file.", why);
    }
}
