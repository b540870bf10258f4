using DeepSeek.Federated.Data;
using DeepSeek.Federated.Sandbox.Comparison;
using DeepSeek.Federated.Sandbox.Data;
using DeepSeek.Federated.Sandbox.Setup;

namespace DeepSeek.Federated.Sandbox.Tests.Data;

public sealed class A_site_with_digits : IDisposable
{
    private static readonly Population Digits = new Population.DigitSites();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandbox-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<DatasetReading.Ready> Read(SiteTable table) => Assert.IsType<DatasetReading.Ready>(
        await table.Connector.Read(StudyFile.Read(Options.Default with { Study = "digits" }, 4).Manifest.Dataset, CancellationToken.None));

    [Fact]
    public async Task fits_the_studys_contract_and_has_mostly_its_own_digits()
    {
        var tables = Digits.Write(_folder.FullName, null, DigitMix.Sites(4), 42);
        Assert.All(Directory.GetFiles(_folder.FullName), f => Assert.StartsWith("synthetic-", Path.GetFileName(f), StringComparison.Ordinal));
        var (rows, at) = (new[] { 1200, 900, 600, 400 }, 0);
        foreach (var table in tables)
        {
            var ready = await Read(table);
            Assert.Equal((rows[at], rows[at] / 3), ((int)ready.Summary.TrainRows, (int)ready.Summary.TestRows));
            // 400 or more draws with a share of 2/3 or more: below half less than once in 10^12.
            Assert.InRange(ready.Examples.Train.Labels.Count(l => l % 4 == at) / (double)rows[at], 0.5, 0.95);
            at++;
        }
    }

    [Fact]
    public void is_the_same_for_the_same_seed_and_another_for_another()
    {
        var made = SyntheticDigits.Make(1, 4, test: false, 7);
        Assert.Equal(made.Images, SyntheticDigits.Make(1, 4, test: false, 7).Images);
        Assert.NotEqual(made.Images, SyntheticDigits.Make(1, 4, test: false, 8).Images);
        Assert.NotEqual(made.Images[..IdxSet.Pixels], SyntheticDigits.Make(1, 4, test: true, 7).Images[..IdxSet.Pixels]);
    }

    [Fact]
    public async Task of_MNIST_shares_every_image_with_nobody()
    {
        var tables = Digits.Write(_folder.FullName, RealData.Mnist(), DigitMix.Sites(3), 42);
        var sites = new List<DatasetReading.Ready>();
        foreach (var table in tables) sites.Add(await Read(table));
        Assert.Equal((60_000, 10_000), (sites.Sum(s => s.Summary.TrainRows), sites.Sum(s => s.Summary.TestRows)));
        var pooled = await Read(SitePool.Write(_folder.FullName, tables));
        Assert.Equal([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], pooled.Examples.Train.Labels.CountBy(l => l).OrderBy(c => c.Key).Select(c => c.Value));
        Assert.Equal(sites[1].Examples.Test.Features, pooled.Examples.Test.Features.AsSpan(sites[0].Examples.Test.Features.Length, sites[1].Examples.Test.Features.Length).ToArray());
    }

    [Fact]
    public void whose_files_are_missing_or_wrong_is_refused_with_the_mend()
    {
        var fault = Assert.Throws<SandboxFault>(() => Digits.Write(_folder.FullName, _folder.FullName, DigitMix.Sites(4), 1));
        Assert.Contains("train-images-idx3-ubyte", fault.Message, StringComparison.Ordinal);
        foreach (var name in new[] { "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte.gz" })
            File.WriteAllBytes(Path.Combine(_folder.FullName, name), [0, 0, 8, 1, 0, 0, 0, 9, 1, 2]);
        Assert.Contains("MNIST's format", Assert.Throws<SandboxFault>(() => Digits.Write(_folder.FullName, _folder.FullName, DigitMix.Sites(4), 1)).Message, StringComparison.Ordinal);
    }
}
