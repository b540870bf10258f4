using System.CommandLine;
using DeepSeek.Federated.Agent.Commands;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Protocol;

namespace DeepSeek.Federated.Agent.Tests.Commands;

public sealed class A_command : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agent-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Nowhere => Path.Combine(_folder, "site");

    public static TheoryData<string> Every => [.. Commands(Program.Root(Shell.Standard()), "").Select(c => c.Path)];

    private static IEnumerable<(string Path, Command Command)> Commands(Command of, string path) =>
        of.Subcommands.SelectMany(c => Commands(c, $"{path} {c.Name}".Trim())).Prepend((path, of));

    [Theory]
    [MemberData(nameof(Every))]
    public async Task explains_itself_and_names_what_it_takes(string path)
    {
        var shell = new AgentShell(Nowhere);
        await shell.Ends(ExitCodes.Done, "Usage:", [.. path.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        var command = Commands(Program.Root(Shell.Standard()), "").Single(c => c.Path == path).Command;
        var named = command.Arguments.Select(a => a.Name).Concat(command.Options.Where(o => !o.Hidden).Select(o => o.Name)).Concat(command.Subcommands.Select(c => c.Name)).Append("--dir");
        Assert.All(named, name => Assert.Contains(name, shell.Out, StringComparison.Ordinal));
        Assert.False(Directory.Exists(Nowhere));
    }

    [Fact]
    public void is_one_of_those_that_README_names()
    {
        var known = Commands(Program.Root(Shell.Standard()), "").Select(c => c.Path).ToHashSet();
        string[] named =
        [
            "enroll", "run", "stop", "status", "study list", "study show", "study approve", "study refuse", "policy check", "data check", "roster show", "roster export",
            "roster confirm", "egress list", "egress show", "egress verify", "ledger show", "ledger accept-recovery", "model get", "model predict",
        ];
        Assert.Superset(named.ToHashSet(), known);
    }

    [Theory]
    [InlineData("fly")]
    [InlineData("study")]
    [InlineData("study show")]
    [InlineData("study approve Heart_Disease")]
    [InlineData("study show heart --colour red")]
    [InlineData("egress show")]
    [InlineData("egress show first")]
    [InlineData("roster confirm")]
    [InlineData("model get heart")]
    [InlineData("model get heart --round last --out x")]
    [InlineData("model predict heart --input x")]
    [InlineData("run --progress xml")]
    [InlineData("enroll https://127.0.0.1:1")]
    [InlineData("enroll http://127.0.0.1:1 dsfed1.x.y")]
    [InlineData("enroll https://127.0.0.1:1 nonsense")]
    [InlineData("data check")]
    [InlineData("data check heart --manifest x.yaml")]
    [InlineData("data check --manifest missing.yaml")]
    public async Task that_is_used_wrongly_ends_with_2_and_makes_no_folder(string arguments)
    {
        var shell = new AgentShell(Nowhere);
        await shell.Ends(ExitCodes.WrongUsage, "", arguments.Split(' '));
        Assert.NotEmpty(shell.Error);
        Assert.False(Directory.Exists(Nowhere));
    }

    [Theory]
    [InlineData("status")]
    [InlineData("run")]
    [InlineData("stop")]
    [InlineData("study list")]
    [InlineData("study show heart")]
    [InlineData("study approve heart")]
    [InlineData("study refuse heart")]
    [InlineData("data check heart")]
    [InlineData("roster show")]
    [InlineData("roster export")]
    [InlineData("roster confirm b=ed25519:x")]
    [InlineData("egress list")]
    [InlineData("egress show 0")]
    [InlineData("egress verify")]
    [InlineData("ledger show")]
    [InlineData("ledger accept-recovery --yes")]
    [InlineData("model get heart --out x")]
    [InlineData("model predict heart --input x --out y")]
    public async Task where_there_is_no_site_ends_with_2_names_the_folder_and_makes_none(string arguments)
    {
        var shell = new AgentShell(Nowhere);
        await shell.Ends(ExitCodes.WrongUsage, Nowhere, arguments.Split(' '));
        Assert.Empty(shell.Out);
        Assert.False(Directory.Exists(Nowhere));
    }

    [Fact]
    public async Task that_checks_a_policy_where_there_is_none_ends_with_1() =>
        await new AgentShell(Nowhere).Ends(ExitCodes.Refused, "everything is refused", "policy", "check");

    [Fact]
    public async Task that_enrols_where_nobody_listens_ends_with_3_and_goes_on_with_the_same_keys()
    {
        var shell = new AgentShell(Nowhere);
        var token = EnrolmentToken.Of(TestSite.Self, TimeProvider.System.GetUtcNow().AddDays(1), Digest.Of("ca"u8), new byte[EnrolmentToken.SecretBytes]);
        string[] enroll = ["enroll", "https://127.0.0.1:1", token.Disclose(), "--proxy", "none"];
        await shell.Ends(ExitCodes.Unreachable, "Run the same command again", enroll);
        var identity = File.ReadAllText(Path.Combine(Nowhere, "identity.key"));
        await shell.Ends(ExitCodes.Unreachable, "Nobody listens", enroll);
        Assert.Equal(identity, File.ReadAllText(Path.Combine(Nowhere, "identity.key")));
        Assert.DoesNotContain(token.Disclose(), shell.Out + shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task that_enrols_with_an_expired_token_says_so()
    {
        var token = EnrolmentToken.Of(TestSite.Self, TestSite.Noon.AddYears(-1), Digest.Of("ca"u8), new byte[EnrolmentToken.SecretBytes]);
        await new AgentShell(Nowhere).Ends(ExitCodes.WrongUsage, "expired", "enroll", "https://127.0.0.1:1", token.Disclose());
    }
}
