using DeepSeek.Federated.Documents;
using DeepSeek.Federated.Domain.Models;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Sandbox.Data;
using DeepSeek.Federated.Sandbox.Setup;

namespace DeepSeek.Federated.Sandbox.Tests.Setup;

public sealed class A_command_line
{
    private static readonly Population Hospitals = new Population.Hospitals();

    [Fact]
    public void changes_rounds_seed_and_minimum_and_nothing_else()
    {
        var plain = StudyFile.Read(Options.Default, 4).Manifest;
        var changed = StudyFile.Read(Options.Default with { Rounds = 2, Seed = 7 }, 2);
        Assert.Equal((2, 2, 7L), (changed.Manifest.Rounds.Count, changed.Manifest.Cohort.Minimum, changed.Seed));
        Assert.Equal(new InitialWeights.Seeded(7), changed.Manifest.Model.Start);
        Assert.Equal(plain.Training, changed.Manifest.Training);
        Assert.Equal((15, 3), (plain.Rounds.Count, plain.Cohort.Minimum));
    }

    [Fact]
    public void writes_the_manifest_that_it_checked()
    {
        var study = StudyFile.Read(Options.Default with { Rounds = 3 }, 4);
        var read = Assert.IsType<DocumentReading.Read>(YamlDocument.Read(study.Yaml));
        Assert.Equal(study.Manifest.Digest, Assert.IsType<ManifestReading.Read>(ManifestReader.Read(read.Root)).Manifest.Digest);
    }

    [Fact]
    public void with_an_unknown_study_or_strategy_is_refused_with_what_is_known()
    {
        Assert.Contains("heart-disease", Assert.Throws<SandboxFault>(() => StudyFile.Read(Options.Default with { Study = "hearts" }, 4)).Message, StringComparison.Ordinal);
        Assert.Contains("fedavg", Assert.Throws<SandboxFault>(() => StudyFile.Read(Options.Default with { Strategy = "magic" }, 4)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("- kind: Study\n")]
    [InlineData("Study\n")]
    [InlineData("")]
    public void with_a_file_that_is_no_mapping_is_refused_with_what_is_expected(string yaml)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, yaml);
            Assert.Contains(file, Assert.Throws<SandboxFault>(() => StudyFile.Read(Options.Default with { Study = file }, 4)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void names_sites_by_number_or_by_name()
    {
        Assert.Equal(["north", "east", "south", "west"], SitePick.Names(Hospitals, null, synthetic: true));
        Assert.Equal(["cleveland", "hungarian"], SitePick.Names(Hospitals, "2", synthetic: false));
        Assert.Equal(["north", "east", "south", "west", "north-2"], SitePick.Names(Hospitals, "5", synthetic: true));
        Assert.Equal(["va", "cleveland"], SitePick.Names(Hospitals, "va, cleveland", synthetic: false));
    }

    [Fact]
    public void names_the_sites_of_the_study_that_it_names()
    {
        var digits = Population.Of(StudyFile.Read(Options.Default with { Study = "digits" }, 4).Manifest);
        Assert.Equal(["alder", "birch", "cedar", "elm"], SitePick.Names(digits, null, synthetic: false));
        Assert.Equal(["alder", "birch", "cedar", "elm", "alder-2"], SitePick.Names(digits, "5", synthetic: true));
        Assert.Throws<SandboxFault>(() => SitePick.Names(digits, "north,east", synthetic: true));
        Assert.Equal(Hospitals, Population.Of(StudyFile.Read(Options.Default, 4).Manifest));
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("17", true)]
    [InlineData("5", false)]
    [InlineData("north", true)]
    [InlineData("north,north", true)]
    [InlineData("north,cleveland", true)]
    public void with_impossible_sites_is_refused(string sites, bool synthetic) => Assert.Throws<SandboxFault>(() => SitePick.Names(Hospitals, sites, synthetic));

    [Theory]
    [InlineData("--rounds", "0")]
    [InlineData("--rounds", "many")]
    [InlineData("--seed", "-1")]
    [InlineData("--colour", "red")]
    public void that_is_wrong_does_not_parse(string option, string value) =>
        Assert.NotEmpty(SandboxOptions.Command((_, _) => Task.FromResult(0)).Parse([option, value]).Errors);
}
