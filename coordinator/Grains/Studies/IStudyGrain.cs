using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using Orleans.Concurrency;

namespace DeepSeek.Federated.Grains.Studies;

/// <summary>One study and its rounds; the key is the study's name. No call carries a tensor.</summary>
public interface IStudyGrain : IGrainWithStringKey
{
    /// <summary>Begins the study with its version 0. The same manifest again gets the same answer.</summary>
    /// <param name="manifest">Canonical JSON; its name is the grain's key.</param>
    /// <param name="actor">The operator.</param>
    Task<SubmitOutcome> Submit(byte[] manifest, string actor);

    /// <summary>Takes a statement of a site: approval or refusal of the study, consent to or refusal of a round, announcement of an update.</summary>
    /// <param name="statement">Its signature, and for an update the blob it names, were checked by the gateway.</param>
    /// <param name="privatePart">Canonical JSON beside the leaf, erasable; null for none.</param>
    /// <exception cref="ArgumentException">Not a statement of a site about this study.</exception>
    Task<Answer> State(LedgerEvent statement, byte[]? privatePart);

    /// <summary>Ends the study. A study that ended before answers <see cref="Refusal.StudyEnded"/>.</summary>
    Task<Answer> Stop(string actor);

    /// <summary>Looks what is due: after a start, when members came or went, when something was put right.</summary>
    Task Wake();

    /// <summary>Where the study stands, as far as it is durable; null when there is no such study.</summary>
    [ReadOnly]
    Task<StudyView?> Status();
}

/// <summary>What became of a manifest.</summary>
[GenerateSerializer, Immutable]
public abstract record SubmitOutcome
{
    private SubmitOutcome() { }

    /// <summary>The study runs.</summary>
    /// <param name="Manifest">Digest of the manifest.</param>
    /// <param name="InitialVersion">Id of version 0.</param>
    /// <param name="AlreadyThere">The same manifest was submitted before.</param>
    [GenerateSerializer, Immutable]
    public sealed record Running(Digest Manifest, Digest InitialVersion, bool AlreadyThere) : SubmitOutcome;

    /// <summary>It is no lawful manifest, or not one that this coordinator can run: every fault, with its mend.</summary>
    [GenerateSerializer, Immutable]
    public sealed record Faulty(ImmutableArray<string> Faults) : SubmitOutcome;

    /// <summary>Not lawful now.</summary>
    [GenerateSerializer, Immutable]
    public sealed record Refused(Refusal Why) : SubmitOutcome;
}
