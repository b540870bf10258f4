using DeepSeek.Federated.Domain.Events;

namespace DeepSeek.Federated.Grains;

/// <summary>What became of something that a site or an operator said. Given only after the ledger holds it.</summary>
[GenerateSerializer, Immutable]
public abstract record Answer
{
    private Answer() { }

    /// <summary>It is a fact now.</summary>
    [GenerateSerializer, Immutable]
    public sealed record Recorded : Answer;

    /// <summary>It was one before; the first answer stands.</summary>
    [GenerateSerializer, Immutable]
    public sealed record AlreadyRecorded : Answer;

    /// <summary>An update that is recorded as too late and not counted.</summary>
    [GenerateSerializer, Immutable]
    public sealed record Late : Answer;

    /// <summary>It is not lawful.</summary>
    [GenerateSerializer, Immutable]
    public sealed record Refused(Refusal Why) : Answer;

    internal static Answer To(Decision decision) => decision switch
    {
        Decision.Accepted(var events) => events[0] is RoundEvent.UpdateLate ? new Late() : new Recorded(),
        Decision.Unchanged => new AlreadyRecorded(),
        Decision.Refused(var why) => new Refused(why),
        _ => throw new ArgumentException($"{decision.GetType().Name} has no answer.", nameof(decision)),
    };
}
