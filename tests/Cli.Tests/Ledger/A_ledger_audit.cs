using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Documents;
using DeepSeek.Federated.Lineage.Checkpoints;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Lineage.Merkle;
using DeepSeek.Federated.Parameters.Versions;
using DeepSeek.Federated.Signing.Keys;
using static DeepSeek.Federated.Domain.Events.FederationEvent;
using static DeepSeek.Federated.Domain.Events.SiteEvent;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Cli.Tests.Ledger;

public sealed class A_ledger_audit : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Digest Some = Digest.Of("some"u8);
    private static readonly SiteId North = new("north"), South = new("south"), West = new("west");

    private readonly EventCatalog _catalog = new();
    private readonly SigningKey _log = SigningKey.FromSeed(new byte[32]);
    private readonly SigningKey _north = SigningKey.FromSeed([.. Enumerable.Repeat((byte)1, 32)]);
    private readonly TestShell _shell = new();
    private readonly List<(LedgerEvent Event, string Actor)> _events = [];

    public void Dispose()
    {
        _shell.Dispose();
        _log.Dispose();
        _north.Dispose();
    }

    [Fact]
    public async Task of_a_lawful_ledger_verifies_it_and_tells_what_was_checked()
    {
        Lawful();
        Assert.Equal(ExitCodes.Done, await Verify());
        Assert.Contains("verified: ", _shell.Out, StringComparison.Ordinal);
        Assert.Contains("1 statements", _shell.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task names_the_leaf_where_a_site_enrols_that_nobody_invited()
    {
        Lawful();
        _events.Add((new SiteEnrolled(new SiteId("east"), Some, SigningKey.Create().Public.ToString(), Some, "AA==", Noon), Actors.Coordinator));
        Assert.Equal(ExitCodes.Refused, await Verify());
        Assert.Contains($"leaf {_events.Count - 1} (site/east)", _shell.Out, StringComparison.Ordinal);
        Assert.Contains("NOT verified", _shell.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task names_every_leaf_that_breaks_a_law_of_its_own_subject()
    {
        Lawful();
        _events.Add((new StudyCompleted(Manifest.Name, Some), Actors.Coordinator));
        _events.Add((new CertificateRenewed(new SiteId("east"), Some, "AA==", Noon), Actors.Coordinator));
        _events.Add((new OperatorRevoked("nobody", "gone"), Actors.Operator("ada")));
        Assert.Equal(ExitCodes.Refused, await Verify("--json"));
        Assert.All([_events.Count - 3, _events.Count - 2, _events.Count - 1], leaf => Assert.Contains($"leaf {leaf} ", _shell.Out, StringComparison.Ordinal));
    }

    [Fact]
    public async Task refuses_what_a_stranger_did_as_an_operator()
    {
        Lawful();
        _events.Add((new SiteInvited(new SiteId("east"), Some, Noon), Actors.Operator("mallory")));
        Assert.Equal(ExitCodes.Refused, await Verify());
        Assert.Contains("not an operator", _shell.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task refuses_a_statement_that_its_site_did_not_sign()
    {
        Lawful();
        _events.Add((new StudyApproved(Manifest.Name, South, Manifest.Digest, Some, Convert.ToBase64String(new byte[64])), Actors.Site(South)));
        Assert.Equal(ExitCodes.Refused, await Verify());
        Assert.Contains("signature of 'south'", _shell.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task refuses_a_version_whose_id_is_not_that_of_its_content()
    {
        Founded();
        _events.Add((new StudySubmitted(Manifest.Name, Text, Manifest.Digest, [North, South, West]), Actors.Operator("ada")));
        _events.Add((new VersionPublished(Manifest.Name, 0, Some, Some, null, Some, 10, null, 0, Some), Actors.Coordinator));
        Assert.Equal(ExitCodes.Refused, await Verify());
        Assert.Contains("version's id", _shell.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task refuses_a_ledger_in_which_one_byte_was_changed()
    {
        Lawful();
        var file = Save();
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("ada", "ade", StringComparison.Ordinal));
        Assert.Equal(ExitCodes.Refused, await _shell.Run("ledger", "verify", "--from-file", file, "--key", _log.Public.ToString()));
    }

    [Fact]
    public async Task refuses_a_ledger_that_was_cut_or_signed_by_another_key()
    {
        Lawful();
        var file = Save();
        using var other = SigningKey.Create();
        Assert.Equal(ExitCodes.Refused, await _shell.Run("ledger", "verify", "--from-file", file, "--key", other.Public.ToString()));
        var lines = await File.ReadAllLinesAsync(file);
        await File.WriteAllTextAsync(file, string.Join('\n', lines.Take(2).Concat(lines.SkipWhile(l => l.Length > 0))) + "\n");
        Assert.Equal(ExitCodes.Refused, await _shell.Run("ledger", "verify", "--from-file", file, "--key", _log.Public.ToString()));
        await File.WriteAllTextAsync(file, lines[0]);
        Assert.Equal(ExitCodes.Refused, await _shell.Run("ledger", "verify", "--from-file", file, "--key", _log.Public.ToString()));
    }

    private static readonly StudyManifest Manifest = ((ManifestReading.Read)ManifestReader.Read(((DocumentReading.Read)YamlDocument.Read(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "policies", "studies", "heart-disease.yaml")))).Root)).Manifest;

    private static string Text => System.Text.Encoding.UTF8.GetString(Manifest.Canonical.AsSpan());

    private void Founded()
    {
        _events.Add((new FederationFounded("test", _log.Public.ToString(), Some), Actors.Coordinator));
        _events.Add((new OperatorAdmitted("ada", OperatorRole.Admin, Some, Noon), Actors.Coordinator));
        foreach (var (site, identity) in new[] { (North, _north.Public), (South, _log.Public), (West, SigningKey.Create().Public) })
        {
            _events.Add((new SiteInvited(site, Some, Noon), Actors.Operator("ada")));
            _events.Add((new SiteEnrolled(site, Some, identity.ToString(), Some, "AA==", Noon), Actors.Site(site)));
        }
    }

    private void Lawful()
    {
        Founded();
        var version = new VersionPublished(Manifest.Name, 0, VersionIdentity.Of(Manifest.Name, 0, Some, null), Some, null, Some, 10, null, 0, Some);
        _events.Add((new StudySubmitted(Manifest.Name, Text, Manifest.Digest, [North, South, West]), Actors.Operator("ada")));
        _events.Add((version, Actors.Coordinator));
        var approved = new StudyApproved(Manifest.Name, North, Manifest.Digest, Some, "");
        _events.Add((approved with { Signature = SiteStatement.Sign(_catalog, approved, _north) }, Actors.Site(North)));
    }

    private Task<int> Verify(params string[] more) => _shell.Run(["ledger", "verify", "--from-file", Save(), "--key", _log.Public.ToString(), .. more]);

    private string Save()
    {
        var next = new Dictionary<string, long>();
        var (lines, frontier) = (new List<string>(), Frontier.Empty);
        foreach (var (happened, actor) in _events)
        {
            var sequence = next.GetValueOrDefault(happened.Stream);
            next[happened.Stream] = sequence + 1;
            var leaf = _catalog.ToLeaf(happened, sequence, Noon, actor, null).Encode();
            lines.Add(System.Text.Encoding.UTF8.GetString(leaf));
            frontier = frontier.Append([MerkleHash.Leaf(leaf)]).Frontier;
        }
        var checkpoint = SignedCheckpoint.Sign(new Checkpoint("test", frontier.Size, frontier.Root), _log);
        return _shell.Write("ledger.txt", string.Join('\n', lines) + "\n\n" + checkpoint);
    }
}
