using DeepSeek.Federated.Agent.Session;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Parameters.Layout;
using DeepSeek.Federated.Parameters.Versions;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Agent.Rounds;

/// <summary>The version a site holds of one study, and the way to another one. What is given out has the content digest and the id that the ledger names.</summary>
public sealed class BaseVersions(BlobDownloader downloader, string folder)
{
    private string Snapshot => Path.Combine(folder, "held.bin");

    private string Pointer => Path.Combine(folder, "held.json");

    /// <exception cref="InvalidDataException">The coordinator cannot give the version that the ledger names.</exception>
    public async Task<VersionContent> Get(StudyState state, Digest version, CancellationToken cancellationToken)
    {
        var wanted = state.Versions.FirstOrDefault(v => v.Version == version) ?? throw new InvalidDataException($"The ledger has no version {version.Short}.");
        var spec = state.Manifest!.Model;
        // What is fetched is as long as the ledger says: so what it says is bounded by the model before a byte is asked for.
        var whole = VersionSnapshot.Length(TensorLayout.Of(spec));
        if (wanted.SnapshotBytes != whole) throw new InvalidDataException("The ledger names a snapshot of a length that this model does not have.");
        var (heldId, held) = Held(state);
        var route = VersionRoute.Plan(state.Versions, heldId, wanted);
        if (route is VersionRoute.Held) return held!;

        VersionContent? content = null;
        if (route is VersionRoute.ByDeltas deltas) content = await Walk(state, held!, deltas, cancellationToken);
        if (content is null)
        {
            var path = await Fetch(wanted.Snapshot, wanted.SnapshotBytes, cancellationToken);
            await using (var file = new FileStream(path, FileMode.Open, FileAccess.Read)) content = VersionSnapshot.Read(file, spec);
            File.Delete(path);
        }
        Check(state, wanted, content);
        DurableFile.Write(Snapshot, file => VersionSnapshot.Write(file, content));
        StrictJson.Write(Pointer, new HeldVersion(wanted.Version));
        return content;
    }

    /// <summary>The version if it is held here; null otherwise.</summary>
    public VersionContent? Find(StudyState state, Digest version) => Held(state) is var (id, content) && id == version ? content : null;

    // A delta that leads nowhere costs one snapshot, not the round.
    private async Task<VersionContent?> Walk(StudyState state, VersionContent from, VersionRoute.ByDeltas route, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var step in route.Steps)
            {
                var path = await Fetch(step.Delta!.Value, step.DeltaBytes, cancellationToken);
                await using (var file = new FileStream(path, FileMode.Open, FileAccess.Read)) from = VersionDelta.Apply(from, file);
                File.Delete(path);
                Check(state, step, from);
            }
            return from;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static void Check(StudyState state, VersionPublished named, VersionContent content)
    {
        if (content.Digest != named.Content || VersionIdentity.Of(state.Manifest!.Name, named.Round, content.Digest, named.Parent) != named.Version)
            throw new InvalidDataException($"What the coordinator gave is not version {named.Version.Short} of the ledger.");
    }

    private async Task<string> Fetch(Digest blob, long bytes, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, $"{blob}.part");
        await downloader.Fetch(blob, bytes, path, cancellationToken);
        return path;
    }

    private (Digest?, VersionContent?) Held(StudyState state)
    {
        if (!File.Exists(Pointer) || !File.Exists(Snapshot)) return (null, null);
        var id = StrictJson.Read<HeldVersion>(Pointer, $"Remove the folder '{folder}': the version is fetched again.").Version;
        try
        {
            using var file = new FileStream(Snapshot, FileMode.Open, FileAccess.Read, FileShare.Read);
            var content = VersionSnapshot.Read(file, state.Manifest!.Model);
            return state.Versions.Any(v => v.Version == id && v.Content == content.Digest) ? (id, content) : (null, null);
        }
        catch (InvalidDataException)
        {
            return (null, null);   // damaged or of another line: fetched anew
        }
    }

    private sealed record HeldVersion(Digest Version);
}
