using System.Text.Json.Nodes;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;

namespace DeepSeek.Federated.Parameters.Versions;

/// <summary>A version's id: its content and its place in the line. A rollback has an old content under a new id.</summary>
public static class VersionIdentity
{
    /// <summary>SHA-256 of the canonical document <c>dsfed.version/v1</c>: study, round, content, parent (null for version 0).</summary>
    /// <param name="study">The line.</param>
    /// <param name="round">The round that made it; 0 for the first version.</param>
    /// <param name="content">Its <see cref="VersionContent.Digest"/>.</param>
    /// <param name="parent">The id (not the content) of the version before it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative round.</exception>
    public static Digest Of(StudyId study, int round, Digest content, Digest? parent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(round);
        var document = new JsonObject
        {
            ["schema"] = "dsfed.version/v1",
            ["study"] = study.Value,
            ["round"] = round,
            ["content"] = content.ToString(),
            ["parent"] = parent?.ToString(),
        };
        return Digest.Of(CanonicalJson.Canonicalize(System.Text.Encoding.UTF8.GetBytes(document.ToJsonString())));
    }
}
