using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Reading;
using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Domain.Policies;

/// <summary>What reading a policy gives.</summary>
public abstract record PolicyReading
{
    private PolicyReading() { }

    /// <summary>A lawful policy.</summary>
    public sealed record Read(SitePolicy Policy) : PolicyReading;

    /// <summary>Every fault found. A faulty policy allows nothing.</summary>
    public sealed record Faulty(ImmutableArray<string> Faults) : PolicyReading;
}

/// <summary>Reads a site policy (<c>apiVersion: federated.deepseek.com/v1</c>, <c>kind: SitePolicy</c>). There are no permissive defaults.</summary>
public static class PolicyReader
{
    /// <summary>Reads a document that a person wrote, brought into JSON.</summary>
    public static PolicyReading Read(JsonElement root)
    {
        var faults = new List<string>();
        var reader = new DocumentReader(root, faults);
        reader.Exactly("apiVersion", ManifestReader.ApiVersion);
        reader.Exactly("kind", "SitePolicy");
        var metadata = reader.Object("metadata");
        metadata.Text("name", 120);
        metadata.Text("description", 2000, "");
        metadata.Finish();

        var spec = reader.Object("spec");
        var expires = ReadDay(spec);
        var studies = spec.Objects("studies", ReadStudy);
        if (studies.Select(s => s.Name).Distinct().Count() != studies.Length) spec.Fault("studies", "names a study twice");
        var (protections, disclose) = (spec.WordList<Protection>("protections"), spec.WordList<Figure>("disclose"));
        var (participants, rows) = ((int)spec.Integer("minimumParticipants", 2, 10_000), (int)spec.Integer("minimumRows", 1, int.MaxValue));
        var (rounds, steps) = ((int)spec.Integer("mostRounds", 1, 1_000_000), (int)spec.Integer("mostLocalSteps", 1, 1_000_000));
        var bytes = spec.Integer("mostBytesPerRound", 1, 1L << 50);
        spec.Finish();
        reader.Finish();
        if (faults.Count > 0) return new PolicyReading.Faulty([.. faults]);
        return new PolicyReading.Read(new SitePolicy(
            expires, studies.ToImmutableSortedDictionary(s => s.Name, s => s.Approval), [.. protections], participants, rows, rounds, steps, bytes, [.. disclose])
        { Digest = Digest.Of(CanonicalJson.Write(root)) });
    }

    private sealed record AllowedStudy(StudyId Name, Approval Approval);

    private static AllowedStudy? ReadStudy(DocumentReader reader)
    {
        var (name, approval) = (reader.Text("name", 40), reader.Word<Approval>("approval", Approval.Steward));
        if (Slug.Is(name)) return new AllowedStudy(new StudyId(name), approval);
        reader.Fault("name", $"'{name}' is not a study name: {Slug.Rule}");
        return null;
    }

    private static DateTimeOffset ReadDay(DocumentReader spec)
    {
        var text = spec.Text("expires", 10);
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < DateOnly.MaxValue)
            return new DateTimeOffset(day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);   // the day itself is still good
        spec.Fault("expires", "must be the last good day, written like 2027-12-31");
        return default;
    }
}
