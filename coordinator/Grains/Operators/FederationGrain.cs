using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Grains.Journals;
using DeepSeek.Federated.Storage;
using Orleans.Concurrency;

namespace DeepSeek.Federated.Grains.Operators;

/// <summary>Loads, decides, appends and tells. Reentrant for the reason given at <see cref="Journal{TState}"/>.</summary>
[Reentrant]
internal sealed class FederationGrain(Ledger ledger, LedgerReader reader, TimeProvider clock) : Grain, IFederationGrain
{
    private Journal<OperatorsState> _journal = null!;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _journal = new Journal<OperatorsState>(
            ledger, clock, OperatorsState.None, (state, happened, _) => OperatorLaw.Apply(state, (FederationEvent)happened), this.DeactivateOnIdle);
        _journal.Replay(await reader.ReadStream(Streams.Federation, 0, cancellationToken).ToListAsync(cancellationToken));
    }

    public async Task<Answer> Admit(string name, OperatorRole role, Digest certificate, DateTimeOffset notAfter, string actor) =>
        Answer.To(await _journal.Handle(
            (state, now) => OperatorLaw.Admit(state, new FederationEvent.OperatorAdmitted(name, role, certificate, notAfter), now), actor, null));

    public async Task<Answer> Revoke(string name, string reason, string actor) =>
        Answer.To(await _journal.Handle(
            (state, now) => OperatorLaw.Revoke(state, new FederationEvent.OperatorRevoked(name, reason), now), actor, null));
}
