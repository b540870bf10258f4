using System.Collections.Concurrent;
using DeepSeek.Federated.Domain.Names;

namespace DeepSeek.Federated.Grains.Studies;

/// <summary>What keeps a study from going on, in a sentence for people. Outlives a grain that had to deactivate; thread-safe.</summary>
internal sealed class StudyTroubles
{
    private readonly ConcurrentDictionary<StudyId, string> _sentences = new();

    public string? Of(StudyId study) => _sentences.GetValueOrDefault(study);

    public void Report(StudyId study, string sentence) => _sentences[study] = sentence;

    public void Clear(StudyId study) => _sentences.TryRemove(study, out _);
}
