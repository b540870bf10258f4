using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Federations;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Sites;
using DeepSeek.Federated.Domain.Studies;
using static DeepSeek.Federated.Domain.Events.FederationEvent;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Lineage.Verification;

/// <summary>
/// Replays a ledger through the laws of the federation, its sites and studies: <see cref="LedgerVerifier"/> says that the log is what its checkpoint says, this says
/// that what it tells could lawfully happen. Takes every event once, in order. Not thread-safe; memory is that of all states.
/// </summary>
/// <remarks>The laws' own <c>Apply</c> decides, the one that the coordinator lives by. After its first fault a site or study is not looked at any more.</remarks>
public sealed class LawReplay
{
    private readonly Dictionary<SiteId, SiteState> _sites = [];
    private readonly Dictionary<SiteId, string> _identities = [];
    private readonly Dictionary<StudyId, StudyState> _studies = [];
    private FederationState _federation = FederationState.None;
    private readonly HashSet<string> _broken = new(StringComparer.Ordinal);
    private readonly ImmutableArray<UnlawfulLeaf>.Builder _faults = ImmutableArray.CreateBuilder<UnlawfulLeaf>();

    /// <summary>The leaves that could not lawfully follow, in order.</summary>
    public ImmutableArray<UnlawfulLeaf> Faults => _faults.ToImmutable();

    /// <summary>Every site's state after the events taken so far.</summary>
    public IReadOnlyDictionary<SiteId, SiteState> Sites => _sites;

    /// <summary>Every study's state after the events taken so far.</summary>
    public IReadOnlyDictionary<StudyId, StudyState> Studies => _studies;

    /// <summary>Takes the next event.</summary>
    public void Take(RecordedEvent recorded)
    {
        var subject = Subject(recorded.Event);
        if (_broken.Contains(subject)) return;
        try
        {
            if (ActorObjection(recorded) is { } reason) throw new InvalidOperationException(reason);
            Apply(recorded);
        }
        catch (Exception unlawful) when (unlawful is InvalidOperationException or ArgumentException or FormatException)
        {
            _broken.Add(subject);
            _faults.Add(new UnlawfulLeaf(recorded.Index, recorded.Event.Stream, unlawful.Message));
        }
    }

    private void Apply(RecordedEvent recorded)
    {
        switch (recorded.Event)
        {
            case FederationEvent happened: _federation = FederationLaw.Apply(_federation, happened, recorded.At); break;
            case SiteEvent happened: ApplyToSite(happened); break;
            case StudyEvent happened: ApplyToStudy(happened.Study, happened, recorded.At); break;
            case RoundEvent happened: ApplyToStudy(happened.Study, happened, recorded.At); break;
            default: throw new InvalidOperationException($"{recorded.Event.GetType().Name} belongs to no law.");
        }
    }

    private void ApplyToSite(SiteEvent happened)
    {
        var after = SiteLaw.Apply(_sites.GetValueOrDefault(happened.Site) ?? new SiteState.Unknown(), happened);
        if (happened is SiteEvent.SiteEnrolled enrolled)
        {
            if (_identities.FirstOrDefault(i => i.Value == enrolled.Identity && i.Key != enrolled.Site) is { Value: not null } other)
                throw new InvalidOperationException($"The identity of '{enrolled.Site}' is that of '{other.Key}'.");
            _identities[enrolled.Site] = enrolled.Identity;
        }
        _sites[happened.Site] = after;
    }

    private void ApplyToStudy(StudyId study, LedgerEvent happened, DateTimeOffset at)
    {
        // Membership is asked of the past, not of the moment: a revocation may be decided while another stream decides.
        if (happened is StudySubmitted submitted && submitted.Asked.Any(s => !_identities.ContainsKey(s)))
            throw new InvalidOperationException("The study asks a site that was never enrolled.");
        if (happened is RoundOpened opened && opened.Cohort.FirstOrDefault(m => _identities.GetValueOrDefault(m.Site) != m.Identity) is { } stranger)
            throw new InvalidOperationException($"The round names another identity for '{stranger.Site}' than the one that it enrolled with.");
        _studies[study] = Study.Apply(_studies.GetValueOrDefault(study) ?? StudyState.Unknown, happened, at);
    }

    private string? ActorObjection(RecordedEvent recorded)
    {
        if (recorded.Event is ISiteStatement statement && recorded.Actor != Actors.Site(statement.Site))
            return $"A statement of '{statement.Site}' is recorded as caused by '{recorded.Actor}'.";
        if (recorded.Event is OperatorRenewed renewed)
            return recorded.Actor == Actors.Operator(renewed.Operator) ? null : $"The certificate of '{renewed.Operator}' was renewed by '{recorded.Actor}'.";
        const string prefix = "operator:";
        if (!recorded.Actor.StartsWith(prefix, StringComparison.Ordinal)) return null;
        // Membership, not expiry: who came through the door in time may be recorded a moment after.
        if (!_federation.Operators.TryGetValue(recorded.Actor[prefix.Length..], out var who)) return $"'{recorded.Actor}' is not an operator of the federation at this point.";
        return who.Role == OperatorRole.Auditor ? $"'{recorded.Actor}' is an auditor and may only read." : null;
    }

    private static string Subject(LedgerEvent happened) => happened switch
    {
        StudyEvent e => Streams.Study(e.Study),
        RoundEvent e => Streams.Study(e.Study),
        _            => happened.Stream,
    };
}

/// <summary>A leaf that could not lawfully follow the ones before it.</summary>
/// <param name="Index">Position in the ledger, from 0.</param>
/// <param name="Stream">Its stream.</param>
/// <param name="Reason">What is wrong, in words.</param>
public sealed record UnlawfulLeaf(long Index, string Stream, string Reason);
