using System.Collections.Immutable;
using DeepSeek.Federated.Documents;
using DeepSeek.Federated.Domain.Policies;
using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Agent.Policy;

/// <summary>What the steward's policy file says at this moment.</summary>
public abstract record PolicyStanding
{
    private PolicyStanding() { }

    /// <summary>A lawful policy; whether it has expired is for its own law to say.</summary>
    public sealed record InForce(SitePolicy Policy) : PolicyStanding;

    /// <summary>There is no file.</summary>
    public sealed record Absent(string Path) : PolicyStanding;

    /// <summary>The file cannot be obeyed. It allows nothing, not even what an earlier one allowed: the steward meant to change something.</summary>
    public sealed record Faulty(ImmutableArray<string> Faults) : PolicyStanding;

    /// <summary>What the coordinator is told where there is no policy to obey: why is the steward's business, and may name paths and values.</summary>
    public const string ToOthers = "This site has no policy in force; its steward sees why with `agent policy check`.";

    /// <summary>One sentence for people at the site.</summary>
    public string Sentence => this switch
    {
        InForce p => $"The policy {p.Policy.Digest.Short} is good until {p.Policy.Expires:u}.",
        Absent p  => $"There is no policy at '{p.Path}', so everything is refused. Write one; policies/profiles has examples.",
        Faulty p  => $"The policy has {p.Faults.Length} fault{(p.Faults.Length == 1 ? "" : "s")}, so everything is refused: {string.Join(" ", p.Faults)}",
        _         => throw new InvalidOperationException("unreachable: the family is closed"),
    };

    /// <summary>What it says to a study.</summary>
    public PolicyVerdict Consider(StudyManifest manifest, DateTimeOffset now) =>
        this is InForce p ? p.Policy.Consider(manifest, now) : new PolicyVerdict.Refused(RefusalReason.NoPolicy, ToOthers);
}

/// <summary>The file itself. It is read anew at every question: it is small, and what it says now is what counts.</summary>
public sealed class PolicyFile(string path)
{
    private const int Largest = 256 * 1024;

    public PolicyStanding Read()
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return YamlDocument.Read(file, Largest) switch
            {
                DocumentReading.Malformed broken => new PolicyStanding.Faulty([broken.ToString()]),
                DocumentReading.Read read => PolicyReader.Read(read.Root) switch
                {
                    PolicyReading.Read policy => new PolicyStanding.InForce(policy.Policy),
                    PolicyReading.Faulty faulty => new PolicyStanding.Faulty(faulty.Faults),
                    _ => throw new InvalidOperationException("unreachable: the family is closed"),
                },
                _ => throw new InvalidOperationException("unreachable: the family is closed"),
            };
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return new PolicyStanding.Absent(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new PolicyStanding.Faulty([$"The file cannot be read: {unreadable.Message}"]);
        }
    }
}
