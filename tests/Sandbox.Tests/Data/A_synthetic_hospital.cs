using CsCheck;
using DeepSeek.Federated.Data;
using DeepSeek.Federated.Data.Csv;
using DeepSeek.Federated.Sandbox.Data;
using DeepSeek.Federated.Sandbox.Setup;

namespace DeepSeek.Federated.Sandbox.Tests.Data;

public sealed class A_synthetic_hospital : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandbox-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void is_the_same_for_the_same_seed_and_another_for_another()
    {
        Assert.All(HospitalProfile.All, h => Assert.Equal(SyntheticHeart.Table(h, 7), SyntheticHeart.Table(h, 7)));
        Assert.All(HospitalProfile.All, h => Assert.NotEqual(SyntheticHeart.Table(h, 7), SyntheticHeart.Table(h, 8)));
    }

    [Fact]
    public void is_labelled_synthetic_from_its_files_name_on()
    {
        var tables = SyntheticHeart.Write(_folder.FullName, HospitalProfile.All, 1);
        Assert.Equal(["north", "east", "south", "west"], tables.Select(t => t.Site));
        Assert.All(tables, t => Assert.StartsWith("synthetic-", Path.GetFileName(t.Path), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("north", 303, 0)]
    [InlineData("east", 261, 33)]
    [InlineData("south", 46, 77)]
    [InlineData("west", 130, 70)]
    public async Task fits_the_studys_contract_and_keeps_as_many_rows_as_the_real_one(string name, int kept, int dropped)
    {
        var hospital = HospitalProfile.All.Single(h => h.Name == name);
        var table = SyntheticHeart.Write(_folder.FullName, [hospital], 42).Single();
        var contract = StudyFile.Read(Options.Default, 4).Manifest.Dataset;
        var ready = Assert.IsType<DatasetReading.Ready>(await new CsvConnector(table.Path).Read(contract, CancellationToken.None));
        Assert.Equal((kept, dropped), ((int)(ready.Summary.TrainRows + ready.Summary.TestRows), (int)ready.Summary.DroppedRows));
        Assert.InRange(ready.Summary.TestRows / (double)kept, 0.28, 0.40);
    }

    [Fact]
    public void has_about_the_prevalence_of_its_profile_over_many_seeds() =>
        Assert.All(HospitalProfile.All, hospital =>
        {
            // 40 hospitals of 123 or more patients each: the mean's deviation is below 0.008, so 0.03 fails by chance less than once in 10^4.
            var shares = Enumerable.Range(0, 40).Select(seed => Rows(SyntheticHeart.Table(hospital, seed)).Average(r => r[13] == "0" ? 0.0 : 1.0));
            Assert.InRange(shares.Average(), hospital.Prevalence - 0.03, hospital.Prevalence + 0.03);
        });

    [Fact]
    public void writes_unmeasured_cholesterol_as_0_where_the_real_one_does()
    {
        Assert.All(Column("south", 4), value => Assert.Contains(value, new[] { "0", "?" }));
        Assert.DoesNotContain("0", Column("north", 4));
        Assert.Contains("0", Column("west", 4));
    }

    [Fact]
    public void differs_from_the_others_in_age_and_sex_as_the_real_ones_do()
    {
        double Mean(string site, int column) => Column(site, column).Where(v => v != "?").Average(double.Parse);
        Assert.True(Mean("west", 0) > Mean("east", 0) + 5, "west is older than east");
        Assert.True(Mean("west", 1) > Mean("north", 1) + 0.15, "west has fewer women than north");
    }

    [Fact]
    public void draws_shares_that_stay_within_their_list() =>
        Gen.Select(Gen.Long, Gen.Double[0.0, 1.0]).Sample((seed, first) =>
        {
            using var dice = new Dice(Math.Abs(seed % 1000), "test");
            return Enumerable.Range(0, 20).All(_ => dice.Pick([first, 1 - first]) is 0 or 1);
        });

    private static List<string> Column(string site, int column) =>
        [.. Rows(SyntheticHeart.Table(HospitalProfile.All.Single(h => h.Name == site), 42)).Select(r => r[column])];

    private static IEnumerable<string[]> Rows(string table) => table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(r => r.Split(','));
}
