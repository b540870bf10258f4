using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DeepSeek.Federated.Agent.Session;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Documents;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Signing.Keys;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Agent.Tests;

/// <summary>A temporary site folder, three sites' keys, one small study.</summary>
internal sealed class TestSite : IDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly SiteId Self = new("site-a"), B = new("site-b"), C = new("site-c");
    public static readonly ImmutableArray<SiteId> Sites = [Self, B, C];
    public static readonly StudyId Study = new("heart");

    public static readonly ImmutableSortedDictionary<SiteId, SigningKey> Keys =
        Sites.ToImmutableSortedDictionary(s => s, s => SigningKey.FromSeed(Digest.Of(System.Text.Encoding.UTF8.GetBytes(s.Value)).ToArray()));

    public static readonly SigningKey LedgerKey = SigningKey.FromSeed(Digest.Of("ledger"u8).ToArray());

    public static readonly StudyManifest Manifest = Read("""
        apiVersion: federated.deepseek.com/v1
        kind: Study
        metadata: {name: heart, purpose: A test.}
        spec:
          model: {architecture: {kind: logistic}, seed: 7}
          dataset:
            name: rows
            columns:
              - {name: x, kind: number, min: -10, max: 10}
              - {name: y, kind: number, min: -10, max: 10}
            label: {name: label, kind: binary}
            split: {kind: every, testFraction: 0.25}
          training: {localSteps: 10, batchSize: 4, learningRate: 0.05}
          update: {valueBits: 16, range: 4, weightCap: 50}
          protection: clear
          rounds: {count: 2}
          cohort: {minimum: 2}
          disclosures: [accuracy]
        """);

    public const string Policy = """
        apiVersion: federated.deepseek.com/v1
        kind: SitePolicy
        metadata: {name: test}
        spec:
          expires: 2026-12-31
          studies: [{name: heart, approval: automatic}]
          protections: [clear]
          minimumParticipants: 2
          minimumRows: 5
          mostRounds: 10
          mostLocalSteps: 100
          mostBytesPerRound: 10000
          disclose: [accuracy]
        """;

    public TestSite()
    {
        Directory = new SiteDirectory(System.IO.Directory.CreateTempSubdirectory("site-").FullName);
        Directory.Create();
    }

    public SiteDirectory Directory { get; }

    /// <summary>Leaves in the folder what enrolment does. Nobody listens at the coordinator's address.</summary>
    public void Enrol()
    {
        new SiteSettings(Self, "https://127.0.0.1:1", "test", LedgerKey.Public.ToString(), Proxy: "none").Save(Directory);
        Keys[Self].Save(Directory.Identity);
        Certify(Noon.AddDays(-1), Noon.AddYears(70));
        SiteDirectory.MakeFolder(Directory.Egress);
    }

    /// <summary>A connection certificate with this life, signed by itself.</summary>
    public void Certify(DateTimeOffset begin, DateTimeOffset end)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest($"CN={Self}", key, HashAlgorithmName.SHA256).CreateSelfSigned(begin, end);
        File.WriteAllText(Directory.Authority, certificate.ExportCertificatePem());
        ConnectionCertificate.Save(Directory, certificate.RawData, key);
    }

    public static Digest Digests(string of) => Digest.Of(System.Text.Encoding.UTF8.GetBytes(of));

    public static StudySubmitted Submitted => new(Study, System.Text.Encoding.UTF8.GetString(Manifest.Canonical.AsSpan()), Manifest.Digest, Sites);

    public static VersionPublished Version(int round, Digest? parent = null) => new(
        Study, round, Digests($"version {round}"), Digests($"content {round}"), round == 0 ? null : parent ?? Digests($"version {round - 1}"), Digests($"snapshot {round}"), 100,
        round == 0 ? null : Digests($"delta {round}"), round == 0 ? 0 : 10, Digests("state"));

    public static RoundOpened Opened(int round, RoundKind kind = RoundKind.Training, int? from = null) => new(
        Study, round, 1, kind, Digests($"version {from ?? round - 1}"), Digests($"content {from ?? round - 1}"), [.. Sites.Select(s => new CohortMember(s, Keys[s].Public.ToString()))],
        Protection.Clear, 16, 4, 50, 2, Noon.AddMinutes(10), Manifest.Digest);

    private static StudyManifest Read(string yaml) =>
        ((ManifestReading.Read)ManifestReader.Read(((DocumentReading.Read)YamlDocument.Read(yaml)).Root)).Manifest;

    public void Dispose() => System.IO.Directory.Delete(Directory.Root, recursive: true);
}
