using DeepSeek.Federated.Data;
using DeepSeek.Federated.Data.Csv;
using DeepSeek.Federated.Sandbox.Data;
using DeepSeek.Federated.Sandbox.Setup;

namespace DeepSeek.Federated.Sandbox.Tests.Data;

public sealed class A_real_hospital : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandbox-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("cleveland", 199, 104)]
    [InlineData("hungarian", 172, 89)]
    [InlineData("switzerland", 30, 16)]
    [InlineData("va", 85, 45)]
    public async Task fits_the_studys_contract_with_the_split_of_FLamby(string site, int train, int test)
    {
        var table = RealHeart.Write(_folder.FullName, RealData.Heart(), [site]).Single();
        var contract = StudyFile.Read(Options.Default, 4).Manifest.Dataset;
        var ready = Assert.IsType<DatasetReading.Ready>(await new CsvConnector(table.Path).Read(contract, CancellationToken.None));
        Assert.Equal((train, test), ((int)ready.Summary.TrainRows, (int)ready.Summary.TestRows));
        Assert.Equal(13, ready.Examples.Train.Width);
    }

    [Theory]
    [InlineData("va,seven,train")]
    [InlineData("va,-7,train")]
    [InlineData("va")]
    public void whose_prepared_file_is_malformed_is_refused_with_file_and_line(string row)
    {
        var prepared = Path.Combine(_folder.FullName, "flamby_prepared.csv");
        File.WriteAllText(prepared, $"center_name,file_line,set\nva,1,train\n{row}\n");
        var fault = Assert.Throws<SandboxFault>(() => RealHeart.Write(_folder.FullName, _folder.FullName, ["va"]));
        Assert.Contains(prepared, fault.Message, StringComparison.Ordinal);
        Assert.Contains("line 3", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void whose_files_are_missing_is_refused_with_the_mend()
    {
        var fault = Assert.Throws<SandboxFault>(() => RealHeart.Write(_folder.FullName, _folder.FullName, ["va"]));
        Assert.Contains("flamby_prepared.csv", fault.Message, StringComparison.Ordinal);
        Assert.Contains("--data", fault.Message, StringComparison.Ordinal);
    }
}
