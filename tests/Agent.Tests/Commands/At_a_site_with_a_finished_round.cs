using DeepSeek.Federated.Agent.Commands;
using DeepSeek.Federated.Agent.Egress;
using DeepSeek.Federated.Agent.Rounds;

namespace DeepSeek.Federated.Agent.Tests.Commands;

public sealed class At_a_site_with_a_finished_round : IClassFixture<FinishedRound>, IDisposable
{
    private readonly SiteCopy _site;
    private readonly AgentShell _agent;

    public At_a_site_with_a_finished_round(FinishedRound finished)
    {
        _site = finished.Copy();
        _agent = new AgentShell(_site.Root);
    }

    public void Dispose() => _site.Dispose();

    private string PathOf(string file) => Path.Combine(_site.Root, file);

    private List<EgressEntry> Left()
    {
        List<EgressEntry> entries = [];
        EgressLedger.Follow(_site.Directory.Egress, entries.Add);
        return entries;
    }

    [Theory]
    [InlineData(ExitCodes.Done, "does not run", "status")]
    [InlineData(ExitCodes.Done, "1 of 2", "study list")]
    [InlineData(ExitCodes.Done, "# round 1: revealed, this site sent its update", "study show heart")]
    [InlineData(ExitCodes.Done, "# data: The data fit", "study show heart")]
    [InlineData(ExitCodes.Done, "The data fit: 30 training rows, 10 test rows", "data check heart")]
    [InlineData(ExitCodes.Done, "study heart: running, 2 versions", "ledger show")]
    [InlineData(ExitCodes.Done, "blob-piece", "egress list")]
    [InlineData(ExitCodes.Done, "unbroken", "egress verify")]
    [InlineData(ExitCodes.Done, "site-c", "roster show")]
    [InlineData(ExitCodes.Done, "No agent runs", "stop")]
    [InlineData(ExitCodes.Refused, "No study 'other' is known here", "study show other")]
    [InlineData(ExitCodes.Refused, "has no version of round 7", "model get heart --round 7 --out x")]
    [InlineData(ExitCodes.Refused, "There is no entry 999", "egress show 999")]
    [InlineData(ExitCodes.Refused, "not the one you name", "study approve heart --manifest 00")]
    public async Task every_command_says_what_there_is(int code, string saying, string arguments) => await _agent.Ends(code, saying, arguments.Split(' '));

    [Fact]
    public async Task the_stewards_word_is_kept_for_the_manifest_as_it_stands_unless_the_policy_says_no()
    {
        await _agent.Ends(ExitCodes.Done, "Refused: 'heart'", "study", "refuse", "heart");
        Assert.False(new StudyShelf(_site.Directory, TestSite.Study).Steward!.Approved);
        await _agent.Ends(ExitCodes.Done, "Approved: 'heart'", "study", "approve", "heart", "--manifest", TestSite.Manifest.Digest.ToString());
        var word = new StudyShelf(_site.Directory, TestSite.Study).Steward!;
        Assert.Equal((true, TestSite.Manifest.Digest), (word.Approved, word.Manifest));
        _site.Change("policy.yaml", policy => policy.Replace("mostRounds: 10", "mostRounds: 1", StringComparison.Ordinal));
        await _agent.Ends(ExitCodes.Refused, "The policy comes first", "study", "approve", "heart");
    }

    [Fact]
    public async Task everything_that_left_can_be_looked_at()
    {
        var left = Left();
        await _agent.Ends(ExitCodes.Done, "site-consented: {", "egress", "show", $"{left.First(e => e is { Kind: "statement", Round: 1 }).Index}");
        Assert.Contains("private part: none", _agent.Out, StringComparison.Ordinal);
        var piece = left.Single(e => e.Kind == "blob-piece");
        await _agent.Ends(ExitCodes.Done, "00000000  ", "egress", "show", $"{piece.Index}");
        Assert.Contains(piece.Body.ToString(), _agent.Out, StringComparison.Ordinal);
        await _agent.Ends(ExitCodes.Done, "", "egress", "list", "--all");
        Assert.All(left, e => Assert.Contains(e.Kind, _agent.Out, StringComparison.Ordinal));
    }

    [Fact]
    public async Task what_was_changed_after_it_left_is_found_out()
    {
        var statement = Left().First(e => e.Kind == "statement");
        SiteCopy.Spoil(Path.Combine(_site.Directory.Egress, statement.Kept!), 8);
        await _agent.Ends(ExitCodes.Refused, "they were changed", "egress", "show", $"{statement.Index}");
        await _agent.Ends(ExitCodes.Refused, $"kept body of entry {statement.Index} was changed", "egress", "verify");

        _site.Change("egress/ledger.jsonl", text => text[(text.IndexOf('\n') + 1)..]);
        await _agent.Ends(ExitCodes.Refused, "a line was changed, removed or put in", "egress", "verify");
        await _agent.Ends(ExitCodes.Refused, "a line was changed, removed or put in", "egress", "list");
    }

    [Fact]
    public async Task a_torn_last_line_is_told_from_a_changed_one()
    {
        _site.Change("egress/ledger.jsonl", text => text + "{\"at\":\"20");
        await _agent.Ends(ExitCodes.Done, "torn", "egress", "verify");
        await _agent.Ends(ExitCodes.Done, "torn", "egress", "list");
    }

    [Fact]
    public async Task a_version_held_here_is_written_and_predicts_without_the_coordinator()
    {
        await _agent.Ends(ExitCodes.Done, "Version ", "model", "get", "heart", "--round", "0", "--out", PathOf("model.safetensors"));
        Assert.True(new FileInfo(PathOf("model.safetensors")).Length > 0);
        File.WriteAllText(PathOf("new.csv"), "x,y,name\n9,9,A\n-9,-9,B\n,1,C\n");
        await _agent.Ends(ExitCodes.Done, "2 of 3 rows predicted", "model", "predict", "heart", "--round", "0", "--input", PathOf("new.csv"), "--out", PathOf("risk.csv"));
        Assert.Equal(["row", "1", "2", "3"], File.ReadAllLines(PathOf("risk.csv")).Select(line => line.Split(',')[0]));
        await _agent.Ends(ExitCodes.Refused, "no model of its own", "model", "predict", "heart", "--round", "0", "--personal", "--input", PathOf("new.csv"), "--out", PathOf("risk.csv"));
        await _agent.Ends(ExitCodes.WrongUsage, "There is no file", "model", "predict", "heart", "--round", "0", "--input", PathOf("none.csv"), "--out", PathOf("risk.csv"));
        File.WriteAllText(PathOf("new.csv"), "x\n9\n");
        await _agent.Ends(ExitCodes.WrongUsage, "the input does not fit", "model", "predict", "heart", "--round", "0", "--input", PathOf("new.csv"), "--out", PathOf("risk.csv"));
    }

    [Fact]
    public async Task a_version_not_held_here_ends_with_3_where_nobody_listens()
    {
        await _agent.Ends(ExitCodes.Unreachable, "Nobody listens", "model", "get", "heart", "--out", PathOf("model.safetensors"));
        Assert.False(File.Exists(PathOf("model.safetensors")));
        Assert.Empty(Directory.EnumerateDirectories(_site.Directory.Control));
    }

    [Fact]
    public async Task data_that_do_not_fit_are_named_by_column_and_never_by_value()
    {
        _site.Change("rows.csv", rows => rows.Replace("x,y,label\n", "x,y,label\n77777,1,0\n", StringComparison.Ordinal));
        await _agent.Ends(ExitCodes.Refused, "The data do not fit", "data", "check", "heart");
        Assert.DoesNotContain("77777", _agent.Out + _agent.Error, StringComparison.Ordinal);
        _site.Change("data.yaml", data => data + "colour: red\n");
        await _agent.Ends(ExitCodes.Refused, "colour", "data", "check", "heart");
        File.Delete(_site.Directory.Data);
        await _agent.Ends(ExitCodes.Refused, "has no data", "data", "check", "heart");
    }

    [Theory]
    [InlineData("study list")]
    [InlineData("study refuse heart")]
    [InlineData("ledger show")]
    [InlineData("model get heart --out x")]
    [InlineData("data check heart")]
    public async Task a_damaged_journal_ends_with_2_and_names_the_mend(string arguments)
    {
        SiteCopy.Spoil(_site.Directory.StudyJournal(TestSite.Study), 40);
        await _agent.Ends(ExitCodes.WrongUsage, "is damaged at byte 0", arguments.Split(' '));
        Assert.Contains("Restore the folder from a backup", _agent.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_site.Directory.Study(TestSite.Study), "decision.json")));
    }

    [Fact]
    public async Task a_damaged_bookmark_or_roster_ends_with_2()
    {
        _site.Change("ledger.json", text => text.Replace("\"next\"", "\"after\"", StringComparison.Ordinal));
        foreach (var command in (string[])["study list", "ledger show", "status"]) await _agent.Ends(ExitCodes.WrongUsage, "ledger.json", command.Split(' '));
        File.WriteAllText(_site.Directory.Roster, "{}");
        await _agent.Ends(ExitCodes.WrongUsage, "", "roster", "show");
    }
}
