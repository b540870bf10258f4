using System.Text.Json;
using DeepSeek.Federated.Agent.Commands;
using DeepSeek.Federated.Agent.Store;
using Microsoft.Extensions.Time.Testing;

namespace DeepSeek.Federated.Agent.Tests.Commands;

public sealed class At_a_site_that_never_ran : IDisposable
{
    private readonly TestSite _site = new();
    private readonly AgentShell _agent;

    public At_a_site_that_never_ran()
    {
        _site.Enrol();
        File.WriteAllText(_site.Directory.Policy, TestSite.Policy.Replace("2026-12-31", "2099-12-31", StringComparison.Ordinal));
        _agent = new AgentShell(_site.Directory.Root);
    }

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task status_tells_people_and_programs_what_it_is()
    {
        await _agent.Ends(ExitCodes.Done, "does not run", "status");
        Assert.Contains("site-a, of test", _agent.Out, StringComparison.Ordinal);
        await _agent.Ends(ExitCodes.Done, "", "status", "--json");
        using var json = JsonDocument.Parse(_agent.Out);
        Assert.Equal(("site-a", false, 0), (json.RootElement.GetProperty("site").GetString(), json.RootElement.GetProperty("running").GetBoolean(), json.RootElement.GetProperty("ledgerSize").GetInt64()));
    }

    [Theory]
    [InlineData(ExitCodes.Done, "No study asks this site", "study list")]
    [InlineData(ExitCodes.Refused, "No study 'heart' is known here", "study show heart")]
    [InlineData(ExitCodes.Refused, "No study 'heart' is known here", "study approve heart")]
    [InlineData(ExitCodes.Refused, "No study 'heart' is known here", "study refuse heart")]
    [InlineData(ExitCodes.Refused, "No study 'heart' is known here", "data check heart")]
    [InlineData(ExitCodes.Refused, "No study 'heart' is known here", "model get heart --out x")]
    [InlineData(ExitCodes.Refused, "No study 'heart' is known here", "model predict heart --input x --out y")]
    [InlineData(ExitCodes.Done, "0 entries, unbroken", "egress verify")]
    [InlineData(ExitCodes.Done, "sha-256", "egress list")]
    [InlineData(ExitCodes.Refused, "There is no entry 0", "egress show 0")]
    [InlineData(ExitCodes.Done, "good until 2100-01-01", "policy check")]
    [InlineData(ExitCodes.Done, "0 leaves verified", "ledger show")]
    [InlineData(ExitCodes.Done, "No agent runs", "stop")]
    [InlineData(ExitCodes.WrongUsage, "30s or 2m", "stop --wait soon")]
    public async Task every_command_says_what_there_is(int code, string saying, string arguments) => await _agent.Ends(code, saying, arguments.Split(' '));

    [Fact]
    public async Task accepting_a_recovery_where_nobody_listens_ends_with_3() =>
        await _agent.Ends(ExitCodes.Unreachable, "Nobody listens", "ledger", "accept-recovery", "--yes");

    [Fact]
    public async Task the_roster_takes_each_identity_once_and_never_another_key_for_it()
    {
        var own = $"site-a={TestSite.Keys[TestSite.Self].Public}";
        await _agent.Ends(ExitCodes.Done, own, "roster", "export");
        await _agent.Ends(ExitCodes.Done, "", "roster", "export", "--out", Path.Combine(_site.Directory.Root, "own.roster"));
        await _agent.Ends(ExitCodes.Done, "1 added; the roster has 1 sites", "roster", "confirm", Path.Combine(_site.Directory.Root, "own.roster"), "--by", "Ada");
        await _agent.Ends(ExitCodes.Done, "0 added", "roster", "confirm", own);
        await _agent.Ends(ExitCodes.Done, "Ada", "roster", "show");
        await _agent.Ends(ExitCodes.Refused, "another key", "roster", "confirm", $"site-a={TestSite.Keys[TestSite.B].Public}");
        await _agent.Ends(ExitCodes.WrongUsage, "ed25519", "roster", "confirm", "site-b=rsa:x");
        await _agent.Ends(ExitCodes.WrongUsage, "", "roster", "confirm", "no-such-file");
        await _agent.Ends(ExitCodes.Done, "1 added; the roster has 2 sites", "roster", "confirm", $"site-b={TestSite.Keys[TestSite.B].Public}");
    }

    [Theory]
    [InlineData("\"url\": \"https://127.0.0.1:1\"", "\"url\": \"http://127.0.0.1:1\"", "url must be https")]
    [InlineData("\"pieceBytes\": 1048576", "\"pieceBytes\": 10", "pieceBytes")]
    [InlineData("\"site\"", "\"colour\": \"red\", \"site\"", "colour")]
    [InlineData("\"federation\"", "\"fed\"", "fed")]
    [InlineData("{", "", "site.json")]
    public async Task a_faulty_site_file_ends_with_2_and_names_the_fault(string found, string instead, string fault)
    {
        var text = File.ReadAllText(_site.Directory.Settings);
        Assert.Contains(found, text, StringComparison.Ordinal);
        File.WriteAllText(_site.Directory.Settings, text.Replace(found, instead, StringComparison.Ordinal));
        foreach (var command in (string[])["status", "study list", "ledger show", "roster export", "run"]) await _agent.Ends(ExitCodes.WrongUsage, fault, command.Split(' '));
    }

    [Fact]
    public async Task a_faulty_policy_ends_with_1_and_names_every_fault()
    {
        File.WriteAllText(_site.Directory.Policy, TestSite.Policy.Replace("minimumRows: 5", "minimumRow: 5\n  colour: red", StringComparison.Ordinal));
        await _agent.Ends(ExitCodes.Refused, "cannot be obeyed", "policy", "check");
        Assert.All(["minimumRows", "minimumRow", "colour"], fault => Assert.Contains(fault, _agent.Error, StringComparison.Ordinal));
        var expired = Path.Combine(_site.Directory.Root, "old.yaml");
        File.WriteAllText(expired, TestSite.Policy.Replace("2026-12-31", "2020-12-31", StringComparison.Ordinal));
        await _agent.Ends(ExitCodes.Refused, "expired", "policy", "check", "--file", expired);
    }

    [Fact]
    public async Task a_damaged_certificate_ends_with_2()
    {
        File.WriteAllText(_site.Directory.Connection, "nothing");
        await _agent.Ends(ExitCodes.WrongUsage, "enrol again", "status");
        await _agent.Ends(ExitCodes.WrongUsage, "", "run");
    }

    [Fact]
    public async Task stop_waits_until_the_agent_is_gone_and_no_longer_than_it_is_told()
    {
        var clock = new FakeTimeProvider(TestSite.Noon);
        var agent = new AgentShell(_site.Directory.Root, clock);
        using (SiteLock.Take(_site.Directory))
        {
            await agent.Ends(ExitCodes.Done, "runs as process", "status");
            Assert.Equal(ExitCodes.Refused, await Until(agent.Run("stop", "--wait", "2s"), () => { }));
            Assert.Contains("still runs after 2s", agent.Error, StringComparison.Ordinal);
            Assert.True(File.Exists(_site.Directory.StopRequest));
            await agent.Ends(ExitCodes.WrongUsage, "already runs", "run");
        }
        var held = SiteLock.Take(_site.Directory);
        Assert.Equal(ExitCodes.Done, await Until(agent.Run("stop"), held.Dispose));

        async Task<int> Until(Task<int> stopping, Action once)
        {
            Assert.False(stopping.IsCompleted);
            for (once(); !stopping.IsCompleted; await Task.Yield()) clock.Advance(TimeSpan.FromMilliseconds(50));
            return await stopping;
        }
    }
}
