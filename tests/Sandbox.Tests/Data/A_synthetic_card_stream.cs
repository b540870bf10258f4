using DeepSeek.Federated.Data;
using DeepSeek.Federated.Data.Transactions;
using DeepSeek.Federated.Documents;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Sandbox.Data;
using DeepSeek.Federated.Sandbox.Setup;

namespace DeepSeek.Federated.Sandbox.Tests.Data;

public sealed class A_synthetic_card_stream : IDisposable
{
    private static readonly CardWorld World = CardWorld.Small with { Customers = 120, Terminals = 200, Reach = 0.1 };
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandbox-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void is_the_same_for_the_same_seed_and_another_for_another()
    {
        Assert.Equal(SyntheticCards.Stream(World, 7), SyntheticCards.Stream(World, 7));
        Assert.NotEqual(SyntheticCards.Stream(World, 7), SyntheticCards.Stream(World, 8));
    }

    [Fact]
    public void has_all_three_scenarios_and_they_are_rare()
    {
        var stream = SyntheticCards.Stream(CardWorld.Small with { Days = 60 }, 1);
        Assert.Equal([0, 1, 2, 3], stream.Select(t => t.Scenario).Distinct().Order());
        Assert.InRange(stream.Average(t => t.Scenario > 0 ? 1.0 : 0), 0.002, 0.05);
        Assert.Equal(Enumerable.Range(0, stream.Count), stream.Select(t => t.Id));
    }

    [Fact]
    public async Task fits_the_studys_contract_at_every_bank_and_gives_each_its_own_customers()
    {
        var text = File.ReadAllText(Path.Combine(StudyFile.Policies, "studies", "card-fraud.yaml"));
        var read = Assert.IsType<DocumentReading.Read>(YamlDocument.Read(text));
        var contract = Assert.IsType<ManifestReading.Read>(ManifestReader.Read(read.Root)).Manifest.Dataset with { MinimumRows = 1 };
        var tables = SyntheticCards.Write(_folder.FullName, ["north", "east", "south", "west"], World, 42);
        Assert.All(tables, t => Assert.StartsWith("synthetic-", Path.GetFileName(t.Path), StringComparison.Ordinal));
        var stream = SyntheticCards.Stream(World, 42);
        long trained = 0;
        foreach (var table in tables)
        {
            var ready = Assert.IsType<DatasetReading.Ready>(await new TransactionConnector(table.Path).Read(contract, CancellationToken.None));
            Assert.True(ready.Summary.TestRows > 0);
            trained += ready.Summary.TrainRows;
        }
        Assert.Equal(stream.Count(t => t.Seconds / 86_400 is >= 115 and <= 121), trained);
    }
}
