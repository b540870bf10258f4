using DeepSeek.Federated.Signing.Keys;

namespace DeepSeek.Federated.Cli.Tests.Commands;

public sealed class A_command : IDisposable
{
    private readonly TestShell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Theory]
    [InlineData("--help")]
    [InlineData("invite", "--help")]
    [InlineData("site", "list", "--help")]
    [InlineData("site", "revoke", "--help")]
    [InlineData("study", "submit", "--help")]
    [InlineData("study", "list", "--help")]
    [InlineData("study", "status", "--help")]
    [InlineData("study", "stop", "--help")]
    [InlineData("version", "list", "--help")]
    [InlineData("version", "export", "--help")]
    [InlineData("ledger", "verify", "--help")]
    [InlineData("ledger", "show", "--help")]
    [InlineData("ledger", "save", "--help")]
    [InlineData("operator", "admit", "--help")]
    [InlineData("ledger", "erase", "--help")]
    [InlineData("operator", "renew", "--help")]
    [InlineData("operator", "revoke", "--help")]
    [InlineData("describe", "--help")]
    public async Task explains_itself(params string[] arguments)
    {
        Assert.Equal(ExitCodes.Done, await _shell.Run(arguments));
        Assert.Contains("Usage:", _shell.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("invite")]
    [InlineData("invite", "North Hospital")]
    [InlineData("invite", "north", "--valid", "soon")]
    [InlineData("fly")]
    [InlineData("site", "revoke", "north")]
    [InlineData("version", "export", "heart-disease", "--format", "pickle", "--out", "x")]
    [InlineData("operator", "admit", "ada", "--role", "king")]
    [InlineData("ledger", "verify", "--key", "ed25519:short")]
    [InlineData("ledger", "erase", "7")]
    [InlineData("ledger", "erase", "-7", "--reason", "a mistake")]
    [InlineData("operator", "renew", "--when-less-than", "soon")]
    public async Task that_is_used_wrongly_ends_with_2(params string[] arguments)
    {
        Assert.Equal(ExitCodes.WrongUsage, await _shell.Run(arguments));
        Assert.NotEmpty(_shell.Error);
    }

    [Fact]
    public async Task without_a_profile_ends_with_2_and_tells_where_one_comes_from()
    {
        Assert.Equal(ExitCodes.WrongUsage, await _shell.Run("describe"));
        Assert.Contains("coordinator init", _shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task with_a_broken_profile_ends_with_2_and_names_every_fault()
    {
        _shell.Write("federation/operator/profile.json", """{"url":"http://x","federation":"f","ledgerKey":"k","more":1}""");
        Assert.Equal(ExitCodes.WrongUsage, await _shell.Run("describe"));
        Assert.All(["url", "ledgerKey", "more"], fault => Assert.Contains(fault, _shell.Error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("describe")]
    [InlineData("invite", "north")]
    [InlineData("study", "status", "heart-disease", "--watch")]
    [InlineData("ledger", "verify")]
    public async Task ends_with_3_where_no_coordinator_answers(params string[] arguments)
    {
        using var key = SigningKey.Create();
        _shell.WriteProfile("https://127.0.0.1:1", key.Public);
        Assert.Equal(ExitCodes.Unreachable, await _shell.Run(arguments));
        Assert.Contains("does not answer", _shell.Error, StringComparison.Ordinal);
        Assert.Empty(_shell.Out);
    }

    [Theory]
    [InlineData(29.5, "in less than 30 days", "dsfed operator renew")]
    [InlineData(-1, "expired on", "coordinator operator admit")]
    public async Task warns_on_standard_error_when_the_certificate_ends_soon(double days, string says, string mend)
    {
        using var key = SigningKey.Create();
        _shell.WriteProfile("https://127.0.0.1:1", key.Public, TimeProvider.System.GetUtcNow().AddDays(days));
        await _shell.Run("site", "list");
        Assert.All(["warning: ", says, mend], part => Assert.Contains(part, _shell.Error, StringComparison.Ordinal));
        Assert.Empty(_shell.Out);
    }

    [Fact]
    public async Task says_nothing_of_a_certificate_that_is_good_for_long()
    {
        using var key = SigningKey.Create();
        _shell.WriteProfile("https://127.0.0.1:1", key.Public, TimeProvider.System.GetUtcNow().AddDays(31));
        await _shell.Run("site", "list");
        Assert.DoesNotContain("warning", _shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task that_submits_a_study_with_weights_says_what_to_write_where_the_manifest_names_others_or_none()
    {
        var good = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "policies", "studies", "heart-disease.yaml"));
        var digest = DeepSeek.Federated.Domain.Encoding.Digest.Of("weights"u8);
        _shell.Write("weights.safetensors", "weights");
        _shell.Write("seeded.yaml", good);
        _shell.Write("other.yaml", good.Replace("seed: 42", $"initialWeights: {new string('a', 64)}", StringComparison.Ordinal));
        _shell.Write("right.yaml", good.Replace("seed: 42", $"initialWeights: {digest}", StringComparison.Ordinal));
        foreach (var file in (string[])["seeded.yaml", "other.yaml"])
            Assert.Equal(ExitCodes.WrongUsage, await _shell.Run("study", "submit", file, "--weights", "weights.safetensors"));
        Assert.All(["names no initial weights", "has the digest", $"initialWeights: {digest}"], part => Assert.Contains(part, _shell.Error, StringComparison.Ordinal));
        Assert.Equal(ExitCodes.Done, await _shell.Run("study", "submit", "right.yaml", "--weights", "weights.safetensors", "--check"));
    }

    [Fact]
    public async Task that_submits_a_study_prints_all_faults_with_their_paths_and_asks_no_coordinator()
    {
        var good = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "policies", "studies", "heart-disease.yaml"));
        _shell.Write("bad.yaml", good.Replace("localSteps: 100", "localStep: 0", StringComparison.Ordinal).Replace("count: 15", "count: 0", StringComparison.Ordinal));
        Assert.Equal(ExitCodes.WrongUsage, await _shell.Run("study", "submit", "bad.yaml"));
        Assert.All(
            ["3 faults", "spec.training.localSteps: is required", "spec.training.localStep: unknown key", "spec.rounds.count"],
            text => Assert.Contains(text, _shell.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task that_submits_broken_YAML_tells_line_and_column()
    {
        _shell.Write("bad.yaml", "kind: Study\nkind: Study\n");
        Assert.Equal(ExitCodes.WrongUsage, await _shell.Run("study", "submit", "bad.yaml", "--check"));
        Assert.Contains("line 2", _shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task that_checks_a_good_manifest_needs_no_profile()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "policies", "studies", "heart-disease.yaml");
        Assert.Equal(ExitCodes.Done, await _shell.Run("study", "submit", file, "--check"));
        Assert.Contains("is lawful", _shell.Error, StringComparison.Ordinal);
    }
}
