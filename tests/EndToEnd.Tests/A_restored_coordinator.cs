namespace DeepSeek.Federated.EndToEnd.Tests;

public sealed class A_restored_coordinator
{
    [Fact]
    public async Task is_believed_by_nobody_until_the_stewards_accept_the_loss_by_name()
    {
        await using var federation = await Federation.Found();
        var backup = Path.Combine(federation.Folder, "backup.tar");
        await Executable.Run("coordinator", "backup", "--dir", federation.CoordinatorFolder, "--to", backup);
        await federation.StartAgents();
        await federation.Submit(Tables.Manifest());
        var before = await federation.Completed();
        var site = federation.SiteFolder(federation.Sites[0]);

        // The model is of use here while everything is well ...
        var (input, risk) = (Path.Combine(federation.Folder, "new.csv"), Path.Combine(federation.Folder, "risk.csv"));
        await File.WriteAllTextAsync(input, "patient,age,chol,cp\nA,35,150,1\nB,,150,1\nC,78,390,4\n");
        await Executable.Run("agent", "model", "predict", Federation.Study, "--input", input, "--out", risk, "--dir", site);
        var lines = await File.ReadAllLinesAsync(risk);
        Assert.Equal(["row,probability,predicted", "1", "2", "3"], lines.Select((line, i) => i == 0 ? line : line.Split(',')[0]));
        Assert.EndsWith(",0", lines[1], StringComparison.Ordinal);
        Assert.Equal("2,,", lines[2]);
        Assert.EndsWith(",1", lines[3], StringComparison.Ordinal);
        var (wrong, _, said) = await Executable.Try("agent", "model", "predict", Federation.Study, "--input", backup, "--out", risk, "--dir", site);
        Assert.True(wrong == 2 && said.Contains("the input does not fit", StringComparison.Ordinal), said);

        // ... and then the coordinator's disk dies, and a backup from before the study takes its place.
        await federation.Coordinator.Kill();
        Directory.Move(federation.CoordinatorFolder, federation.CoordinatorFolder + "-lost");
        await Executable.Run("coordinator", "restore", "--from", backup, "--dir", federation.CoordinatorFolder);
        await federation.StartCoordinator();
        foreach (var name in federation.Sites)
        {
            Assert.Equal(1, await federation.Agent(name).Exit());
            Assert.Contains(federation.Agent(name).Lines, l => l.Contains("restored from an earlier state", StringComparison.Ordinal));
        }

        foreach (var name in federation.Sites)
        {
            var (code, found, errors) = await Executable.Try("agent", "ledger", "accept-recovery", "--yes", "--dir", federation.SiteFolder(name));
            Assert.True(code == 0 && found.Contains("VersionPublished", StringComparison.Ordinal), found + errors);
        }
        await federation.StartAgents();
        await federation.Submit(Tables.Manifest());
        var again = await federation.Completed();
        Assert.Equal("completed", again.GetProperty("phase").GetString());
        Assert.Equal(Federation.FinalContent(before), Federation.FinalContent(again));   // from a fresh state, as if the lost rounds had never been
        var (verified, output, problems) = await federation.Verify();
        Assert.True(verified == 0, output + problems);
    }
}
