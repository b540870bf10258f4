using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using static DeepSeek.Federated.Domain.Events.FederationEvent;

namespace DeepSeek.Federated.Grains.Operators;

/// <summary>Who may act for the federation, by name.</summary>
internal sealed record OperatorsState(ImmutableSortedDictionary<string, OperatorAdmitted> Admitted)
{
    internal static OperatorsState None { get; } = new(ImmutableSortedDictionary.Create<string, OperatorAdmitted>(StringComparer.Ordinal));
}

/// <summary>The law of operators: a name has one good certificate, and the last admin never goes. Pure.</summary>
internal static class OperatorLaw
{
    internal static Decision Admit(OperatorsState state, OperatorAdmitted wanted, DateTimeOffset now) =>
        state.Admitted.TryGetValue(wanted.Operator, out var there) switch
        {
            true when there!.Certificate == wanted.Certificate => new Decision.Unchanged(),
            true when now < there!.NotAfter                    => Refusal.OperatorExists,
            _                                                  => wanted,
        };

    internal static Decision Revoke(OperatorsState state, OperatorRevoked wanted, DateTimeOffset now)
    {
        var otherAdmin = state.Admitted.Values.Any(o => o.Role == OperatorRole.Admin && o.Operator != wanted.Operator && now < o.NotAfter);
        if (!state.Admitted.TryGetValue(wanted.Operator, out var there)) return Refusal.OperatorNeeded;
        return there.Role == OperatorRole.Admin && !otherAdmin ? Refusal.OperatorNeeded : wanted;
    }

    internal static OperatorsState Apply(OperatorsState state, FederationEvent happened) => happened switch
    {
        OperatorAdmitted e                       => new(state.Admitted.SetItem(e.Operator, e)),
        OperatorRevoked e                        => new(state.Admitted.Remove(e.Operator)),
        FederationFounded or LedgerRecovered     => state,
        _                                        => throw new InvalidOperationException($"{happened.GetType().Name} has no law."),
    };
}
