using System.Diagnostics;
using DeepSeek.Federated.Coordinator.Commands;
using DeepSeek.Federated.Coordinator.Founding;
using DeepSeek.Federated.Coordinator.Serving;

namespace DeepSeek.Federated.Coordinator.Tests.Commands;

/// <summary>The program as its user starts it: a process of its own.</summary>
public sealed class The_coordinator : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coordinator-").FullName;

    private string Dir => Path.Combine(_folder, "federation");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("--help")]
    [InlineData("init --help")]
    [InlineData("serve --help")]
    [InlineData("operator admit --help")]
    [InlineData("backup --help")]
    [InlineData("restore --help")]
    public async Task explains_itself(string arguments)
    {
        var (code, said, _) = await Run(arguments);
        Assert.Equal(CommandLine.Done, code);
        Assert.Contains("Usage:", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("dance")]
    [InlineData("init --port seven")]
    [InlineData("init --name Bad_Name")]
    [InlineData("init --port 70000")]
    [InlineData("serve --port -1")]
    [InlineData("operator admit ada")]
    [InlineData("operator admit Ada --out x")]
    [InlineData("operator admit ada --role king --out x")]
    [InlineData("backup")]
    [InlineData("restore --from /no/such/file")]
    public async Task says_what_was_wrong_with_its_usage(string arguments)
    {
        var (code, said, complained) = await Run(arguments + (arguments.StartsWith("init", StringComparison.Ordinal) ? $" --dir {Dir}" : ""));
        Assert.True(code == CommandLine.WrongUsage, $"{code}: {said} {complained}");
        Assert.NotEmpty(complained + said);
        Assert.False(Directory.Exists(Dir));
    }

    [Fact]
    public async Task serves_one_folder_once_and_stops_when_it_is_told()
    {
        Assert.Equal(CommandLine.Done, (await Run($"init --dir {Dir} --port 0")).Code);
        var again = await Run($"init --dir {Dir}");
        Assert.Equal(CommandLine.Refused, again.Code);
        Assert.Contains("already", again.Complained, StringComparison.Ordinal);

        using var serving = Start($"serve --dir {Dir}");
        var line = await serving.StandardOutput.ReadLineAsync();
        Assert.StartsWith("listening on https://localhost:", line, StringComparison.Ordinal);
        Assert.Equal(line!["listening on ".Length..], (await File.ReadAllTextAsync(new FederationDirectory(Dir).Address)).Trim());
        var second = await Run($"serve --dir {Dir}");
        Assert.Equal(CommandLine.Refused, second.Code);
        Assert.Contains("Another coordinator", second.Complained, StringComparison.Ordinal);
        var admission = await Run($"operator admit ada --dir {Dir} --out {_folder}/ada");
        Assert.Equal(CommandLine.Refused, admission.Code);
        Assert.Contains("Another coordinator", admission.Complained, StringComparison.Ordinal);
        Assert.Equal(CommandLine.Done, (await Run($"backup --dir {Dir} --to {_folder}/backup.tar")).Code);

        using (var kill = Process.Start("kill", ["-TERM", serving.Id.ToString()])) await kill.WaitForExitAsync();
        await serving.WaitForExitAsync();
        Assert.Equal(CommandLine.Done, serving.ExitCode);
        Assert.False(File.Exists(new FederationDirectory(Dir).Address));
        using (InstanceLock.Take(new FederationDirectory(Dir))) { }
        Assert.Equal(CommandLine.Done, (await Run($"operator admit ada --dir {Dir} --out {_folder}/ada")).Code);
        Assert.True(File.Exists(Path.Combine(_folder, "ada", "profile.json")));
    }

    [Fact]
    public async Task names_the_mend_where_there_is_no_federation_or_its_settings_are_faulty()
    {
        Assert.Contains("coordinator init", (await Run($"serve --dir {Dir}")).Complained, StringComparison.Ordinal);
        Assert.Equal(CommandLine.Done, (await Run($"init --dir {Dir}")).Code);
        await File.WriteAllTextAsync(Path.Combine(Dir, "coordinator.json"), """{"name":"x","hosts":["a b"],"port":1,"siteCertificate":"1s"}""");
        var faulty = await Run($"serve --dir {Dir}");
        Assert.Equal(CommandLine.WrongUsage, faulty.Code);
        Assert.Contains("a b", faulty.Complained, StringComparison.Ordinal);
        Assert.Contains("siteCertificate", faulty.Complained, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(Dir, "coordinator.json"), """{"name":"x","hosts":["a"],"ports":1}""");
        Assert.Contains("ports", (await Run($"serve --dir {Dir}")).Complained, StringComparison.Ordinal);
    }

    [Fact]
    public async Task says_what_to_do_when_its_database_cannot_be_used_and_makes_nothing()
    {
        const string Down = "Host=127.0.0.1;Port=1;Database=d;Username=u;Password=of-a-secret";
        var secret = Bench.SecretFile.Write(_folder, Down);
        await Fails(CommandLine.Refused, $"--database postgres --connection-string-file {secret}", "Start the server");
        await Fails(CommandLine.WrongUsage, $"--connection-string-file {secret}", "--database postgres");
        await Fails(CommandLine.WrongUsage, $"--database sqlite --connection-string-file {secret}", "--database postgres");
        await Fails(CommandLine.WrongUsage, "--database postgres", "FEDERATED_DATABASE");
        await Fails(CommandLine.WrongUsage, "--database oracle", "postgres");
        await Fails(CommandLine.WrongUsage, $"--database postgres --connection-string-file {secret}.none", "not there");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
            await Fails(CommandLine.WrongUsage, $"--database postgres --connection-string-file {secret}", "chmod 600");
        }

        // The federation is there, and its database is not any more.
        Assert.Equal(CommandLine.Done, (await Run($"init --dir {Dir} --port 0")).Code);
        var settings = CoordinatorSettings.Read(new FederationDirectory(Dir).Settings);
        (settings with { Database = new DatabaseChoice.Postgres(Bench.SecretFile.Write(_folder, Down)) }).Write(new FederationDirectory(Dir).Settings);
        foreach (var command in new[] { $"serve --dir {Dir}", $"backup --dir {Dir} --to {_folder}/backup.tar" })
        {
            var (code, said, complained) = await Run(command);
            Assert.Equal(CommandLine.Refused, code);
            Assert.Contains("Start the server", complained, StringComparison.Ordinal);
            Assert.DoesNotContain("of-a-secret", said + complained, StringComparison.Ordinal);
        }
    }

    private async Task Fails(int expected, string arguments, string why)
    {
        var (code, said, complained) = await Run($"init --dir {Dir} {arguments}");
        Assert.True(code == expected, $"{code}: {said} {complained}");
        Assert.Contains(why, complained + said, StringComparison.Ordinal);
        Assert.DoesNotContain("of-a-secret", said + complained, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Dir));
    }

    private static async Task<(int Code, string Said, string Complained)> Run(string arguments)
    {
        using var process = Start(arguments);
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await said, await complained);
    }

    private static Process Start(string arguments)
    {
        var info = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        info.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "coordinator.dll"));
        foreach (var argument in arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)) info.ArgumentList.Add(argument);
        return Process.Start(info)!;
    }
}
