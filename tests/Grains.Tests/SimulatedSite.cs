using System.Collections.Immutable;
using System.Security.Cryptography;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Policies;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Sites;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Grains.Sites;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Parameters.Layout;
using DeepSeek.Federated.Parameters.Protection;
using DeepSeek.Federated.Parameters.Randomness;
using DeepSeek.Federated.Parameters.Updates;
using DeepSeek.Federated.Signing.Keys;
using static DeepSeek.Federated.Domain.Events.RoundEvent;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Grains.Tests;

/// <summary>A site without an agent: it signs what it says and encodes real updates, each value moved by the same exact step.</summary>
internal sealed class SimulatedSite(Federation federation, string name, float step) : IDisposable
{
    private static readonly EventCatalog Catalog = new();
    private static readonly Digest Policy = Digest.Of("policy"u8);
    private readonly SigningKey _identity = SigningKey.FromSeed(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)));

    internal SiteId Id { get; } = new(name);

    internal string Identity => _identity.Public.ToString();

    internal IssuedCertificate Certificate(string serial = "1") =>
        new(Digest.Of(System.Text.Encoding.UTF8.GetBytes($"key {name} {serial}")),
            Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"certificate {name} {serial}")), Federation.Noon.AddDays(30));

    internal Digest Token => Digest.Of(System.Text.Encoding.UTF8.GetBytes($"token {name}"));

    internal async Task Enrol()
    {
        Assert.IsType<Answer.Recorded>(await federation.Site(Id).Invite(Token, Federation.Noon.AddDays(1), Actors.Operator("test")));
        Assert.IsType<CertificateOutcome.Issued>(await federation.Site(Id).Enrol(Token, Identity, Certificate()));
    }

    internal Task<Answer> Approve(StudyManifest manifest) => Say(new StudyApproved(manifest.Name, Id, manifest.Digest, Policy, ""));

    internal Task<Answer> Refuse(StudyManifest manifest) =>
        Say(new StudyDeclined(manifest.Name, Id, manifest.Digest, RefusalReason.StewardRefused, ""));

    internal Task<Answer> Consent(RoundOpened round) => Say(new SiteConsented(round.Study, round.Round, Id, Policy, ""));

    internal Task<Answer> Decline(RoundOpened round) => Say(new SiteDeclined(round.Study, round.Round, Id, RefusalReason.TooFewRows, ""));

    internal async Task<Answer> Announce(RoundOpened round, StudyManifest manifest, string salt = "") => await Say(await Update(round, manifest, salt));

    internal async Task<Answer> TakePart(RoundOpened round, StudyManifest manifest)
    {
        await Consent(round);
        return await Announce(round, manifest);
    }

    /// <summary>The statement of a finished update, whose bytes lie in the blob store.</summary>
    internal async Task<UpdateAccepted> Update(RoundOpened round, StudyManifest manifest, string salt = "")
    {
        var blob = new MemoryStream();
        var ring = RoundLayout.RingOf(round, manifest);
        var counts = ImmutableSortedDictionary<string, long>.Empty.WithComparers(StringComparer.Ordinal)
            .Add(CountNames.TestRows, 50).Add(CountNames.TestCorrect, 40 + salt.Length).Add(CountNames.TestLoss, CountNames.OfLoss(12.5));
        new ClearProtection().Encode(Digits(round, ring, manifest, counts), ring, new RoundId(round.Study, round.Round), round.Attempt, blob);
        var digest = await federation.Blobs.Write(to => { blob.WriteTo(to); return Task.CompletedTask; }, CancellationToken.None);
        blob.Position = 0;
        return new UpdateAccepted(
            round.Study, round.Round, round.Attempt, Id, round.BaseVersion, digest, blob.Length, ChunkTree.Root(blob), [new DisclosedFigure(Figure.Accuracy, 0.8)], "");
    }

    internal Task<Answer> Say(LedgerEvent statement) => federation.Study(StudyOf(statement)).State(Signed(statement), null);

    public void Dispose() => _identity.Dispose();

    private IDigitSource Digits(RoundOpened round, UpdateRing ring, StudyManifest manifest, ImmutableSortedDictionary<string, long> counts)
    {
        if (round.Kind == RoundKind.Evaluation) return new CountDigits(ring, counts);
        var tensors = TensorLayout.Of(manifest.Model);
        var draft = new UpdateDraft { Deltas = Enumerable.Repeat(step, (int)tensors.SharedLength).ToArray(), Rows = 100, Counts = counts };
        return new UpdateEncoder(ring, RoundLayout.PlanOf(round), tensors, draft, new SeededStream(new byte[32], "rounding"));
    }

    private LedgerEvent Signed(LedgerEvent statement)
    {
        var signature = SiteStatement.Sign(Catalog, statement, _identity);
        LedgerEvent signed = statement switch
        {
            StudyApproved e => e with { Signature = signature },
            StudyDeclined e => e with { Signature = signature },
            SiteConsented e => e with { Signature = signature },
            SiteDeclined e => e with { Signature = signature },
            UpdateAccepted e => e with { Signature = signature },
            _ => throw new ArgumentException("Not a statement.", nameof(statement)),
        };
        Assert.True(SiteStatement.Verify(Catalog, signed, _identity.Public));
        return signed;
    }

    private static StudyId StudyOf(LedgerEvent statement) => statement switch
    {
        StudyEvent e => e.Study,
        RoundEvent e => e.Study,
        _ => throw new ArgumentException("Not about a study.", nameof(statement)),
    };
}
