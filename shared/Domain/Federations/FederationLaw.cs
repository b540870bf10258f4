using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Events;
using static DeepSeek.Federated.Domain.Events.FederationEvent;

namespace DeepSeek.Federated.Domain.Federations;

/// <summary>The law of the federation: a name has one operator at a time, only who is still good renews, and the last admin is never put out. Pure.</summary>
/// <remarks>
/// A renewed certificate does not end the ones before it: an operator whose machine dies between the answer and its disk has lost nothing.
/// Each ends when it expires, and all of them with a revocation.
/// </remarks>
public static class FederationLaw
{
    /// <summary>What <paramref name="command"/> means in <paramref name="state"/> at <paramref name="now"/>.</summary>
    public static Decision Decide(FederationState state, FederationCommand command, DateTimeOffset now) => command switch
    {
        FederationCommand.Admit c when Holds(state, c.Operator, c.Certificate)     => new Decision.Unchanged(),
        FederationCommand.Admit c when IsGood(state, c.Operator, now)              => Refusal.OperatorExists,
        FederationCommand.Admit c                                                  => new OperatorAdmitted(c.Operator, c.Role, c.Certificate.Certificate, c.Certificate.NotAfter),
        FederationCommand.Renew c when Holds(state, c.Operator, c.Certificate)     => new Decision.Unchanged(),
        FederationCommand.Renew c when !IsGood(state, c.Operator, now)             => Refusal.OperatorNeeded,
        FederationCommand.Renew c                                                  => new OperatorRenewed(c.Operator, c.Certificate.Certificate, c.Certificate.NotAfter),
        FederationCommand.Revoke c when !state.Operators.ContainsKey(c.Operator)   => Refusal.OperatorNeeded,
        FederationCommand.Revoke c when IsLastAdmin(state, c.Operator, now)        => Refusal.OperatorNeeded,
        FederationCommand.Revoke c                                                 => new OperatorRevoked(c.Operator, c.Reason),
        FederationCommand.Erase c when state.Erased.Contains(c.Leaf)               => new Decision.Unchanged(),
        FederationCommand.Erase c                                                  => new PrivatePartErased(c.Leaf, c.Reason),
        _                                                                          => Refusal.NotInThisState,
    };

    /// <summary>The state after a fact that was recorded at <paramref name="at"/>.</summary>
    /// <exception cref="InvalidOperationException">The fact cannot follow the state: the log is not lawful.</exception>
    public static FederationState Apply(FederationState state, FederationEvent happened, DateTimeOffset at) => happened switch
    {
        OperatorAdmitted e when IsGood(state, e.Operator, at)               => throw new InvalidOperationException($"The operator '{e.Operator}' is admitted already."),
        OperatorAdmitted e                                                  => With(state, e.Operator, new OperatorState(e.Role, [new(e.Certificate, e.NotAfter)])),
        OperatorRenewed e when !IsGood(state, e.Operator, at)               => throw new InvalidOperationException($"There is no operator '{e.Operator}' to renew, or no longer."),
        OperatorRenewed e                                                   => With(state, e.Operator, Renewed(state.Operators[e.Operator], e, at)),
        OperatorRevoked e when !state.Operators.ContainsKey(e.Operator)     => throw new InvalidOperationException($"There is no operator '{e.Operator}' to revoke."),
        OperatorRevoked e                                                   => state with { Operators = state.Operators.Remove(e.Operator) },
        PrivatePartErased e when state.Erased.Contains(e.Leaf)              => throw new InvalidOperationException($"The private part of leaf {e.Leaf} is erased already."),
        PrivatePartErased e                                                 => state with { Erased = state.Erased.Add(e.Leaf) },
        FederationFounded or LedgerRecovered                                => state,
        _                                                                   => throw new InvalidOperationException($"{happened.GetType().Name} has no law."),
    };

    private static FederationState With(FederationState state, string name, OperatorState now) => state with { Operators = state.Operators.SetItem(name, now) };

    private static OperatorState Renewed(OperatorState before, OperatorRenewed e, DateTimeOffset at) =>
        before with { Certificates = [.. before.Certificates.Where(c => at < c.NotAfter), new(e.Certificate, e.NotAfter)] };

    private static bool Holds(FederationState state, string name, OperatorCertificate certificate) =>
        state.Operators.TryGetValue(name, out var there) && there.Certificates.Any(c => c.Certificate == certificate.Certificate);

    private static bool IsGood(FederationState state, string name, DateTimeOffset now) =>
        state.Operators.TryGetValue(name, out var there) && now < there.NotAfter;

    private static bool IsLastAdmin(FederationState state, string name, DateTimeOffset now) =>
        state.Operators[name].Role == OperatorRole.Admin
        && !state.Operators.Any(o => o.Key != name && o.Value.Role == OperatorRole.Admin && now < o.Value.NotAfter);
}
