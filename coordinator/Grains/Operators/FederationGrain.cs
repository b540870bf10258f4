using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Federations;
using DeepSeek.Federated.Grains.Journals;
using DeepSeek.Federated.Storage;
using Orleans.Concurrency;

namespace DeepSeek.Federated.Grains.Operators;

/// <summary>Loads, decides, appends and tells. Reentrant for the reason given at <see cref="Journal{TState}"/>.</summary>
[Reentrant]
internal sealed class FederationGrain(Ledger ledger, LedgerReader reader, TimeProvider clock) : Grain, IFederationGrain
{
    private Journal<FederationState> _journal = null!;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _journal = new Journal<FederationState>(
            ledger, clock, FederationState.None, (state, happened, at) => FederationLaw.Apply(state, (FederationEvent)happened, at), this.DeactivateOnIdle);
        _journal.Replay(await reader.ReadStream(Streams.Federation, 0, cancellationToken).ToListAsync(cancellationToken));
    }

    public Task<Answer> Admit(string name, OperatorRole role, Digest certificate, DateTimeOffset notAfter, string actor) =>
        Ask(new FederationCommand.Admit(name, role, new OperatorCertificate(certificate, notAfter)), actor);

    public Task<Answer> Renew(string name, Digest certificate, DateTimeOffset notAfter) =>
        Ask(new FederationCommand.Renew(name, new OperatorCertificate(certificate, notAfter)), Actors.Operator(name));

    public Task<Answer> Revoke(string name, string reason, string actor) => Ask(new FederationCommand.Revoke(name, reason), actor);

    public Task<Answer> Erase(long leaf, string reason, string actor) => Ask(new FederationCommand.Erase(leaf, reason), actor);

    private async Task<Answer> Ask(FederationCommand command, string actor) =>
        Answer.To(await _journal.Handle((state, now) => FederationLaw.Decide(state, command, now), actor, null));
}
