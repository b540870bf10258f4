using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Storage.Registry;

/// <summary>A study at a glance.</summary>
internal sealed class StudyRow
{
    public required string Name { get; init; }
    public required Digest Manifest { get; init; }
    public required StudyPhase Phase { get; set; }
    public required DateTimeOffset SubmittedAt { get; init; }
    public int Round { get; set; }
    public Digest? Version { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
}
